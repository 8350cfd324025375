import { expect } from 'chai';
import { inTemplate, lastingLabels, lastingName } from '../../../src/incident/controls/template.ts';
import { shopFacts } from './facts-lab.ts';

describe('the template of a pod', () => {
  it('keeps labels and a name that successors have, too', () => {
    const { pod } = shopFacts();
    const labels = {
      app: 'shop',
      'controller-revision-hash': 'x',
      'kubectl-ir/pod-uid': 'u',
      'batch.kubernetes.io/job-name': 'j',
    };
    expect(lastingLabels({ ...pod, labels })).to.deep.equal({ app: 'shop' });
    expect(lastingName(pod)).to.equal('shop');
    expect(lastingName(shopFacts({}, {}, { controller: null }).pod)).to.equal('shop-1-x');
  });

  it('is known of controllers that have one', () => {
    const foreign = shopFacts({}, {}, { controller: { kind: 'Rollout', name: 'shop' } });
    expect(inTemplate(foreign, 'seen', { hostPID: false })).to.not.have.property('manifest');
    expect(inTemplate(shopFacts(), 'seen', { hostPID: false }).manifest?.['spec']).to.deep.equal({
      template: { spec: { hostPID: false } },
    });
  });
});
