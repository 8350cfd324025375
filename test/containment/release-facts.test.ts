import { expect } from 'chai';
import { buildPlan } from '../../src/containment/plan.ts';
import { recordOf } from '../../src/containment/record.ts';
import { detachedFacts, releaseFacts } from '../../src/containment/release-facts.ts';
import { shopPod, shopProspect } from './subjects.ts';

const record = recordOf(buildPlan(shopProspect(), { cordon: true }), { created: new Date(0) });

describe('what is said of a release', () => {
  it('is a part for each act, and what becomes of the labels', () => {
    const [stays] = releaseFacts(record, false);
    expect(stays?.text).to.equal(
      'guards removed, annotations as before; link open on node-a; layer in the pod removed; policies removed; node node-a uncordoned; ' +
        'labels app=shop, pod-template-hash=1 stay off, so that the pod stays detached (--return gives it back); our label removed',
    );
    const [back] = releaseFacts(record, true);
    expect(back?.text).to.include(
      'labels app=shop, pod-template-hash=1 back on the pod, and it with replicaset/shop-1',
    );
  });

  it('is how the pod can be given back or deleted, because the record is gone', () => {
    expect(detachedFacts(record)).to.deep.equal([
      {
        label: 'Kept',
        text: 'labels app=shop, pod-template-hash=1 stay off pod/shop-1-x: it runs on, and nothing selects it',
      },
      {
        label: 'Return',
        text:
          'kubectl annotate pod shop-1-x -n default controller.kubernetes.io/pod-deletion-cost=2147483647 && ' +
          'kubectl label pod shop-1-x -n default app=shop pod-template-hash=1',
      },
      { label: 'Delete', text: 'kubectl delete pod shop-1-x -n default' },
    ]);
    const bare = shopProspect(shopPod({ metadata: { ownerReferences: [] } }));
    const [, give] = detachedFacts(recordOf(buildPlan(bare), { created: new Date(0) }));
    expect(give?.text).to.equal('kubectl label pod shop-1-x -n default app=shop');
    expect(detachedFacts({ ...record, acts: [] })).to.deep.equal([]);
  });
});
