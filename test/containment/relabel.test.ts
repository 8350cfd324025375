import { expect } from 'chai';
import { denyPolicy } from '../../src/containment/plan.ts';
import { changePod, placeDeny, removePolicy } from '../../src/containment/relabel.ts';
import { ContainmentLab } from './containment-lab.ts';
import { shopSubject } from './subjects.ts';

describe('labels and policy', () => {
  const { signal } = new AbortController();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  it('sets and removes labels and nothing else', async () => {
    await changePod(lab.api, shopSubject(), { labels: { app: null, new: 'x' } }, { signal });
    expect(lab.livePod().metadata.labels).to.deep.equal({ 'pod-template-hash': '1', tier: 'web', new: 'x' });
    expect(lab.fake.requests.at(-1)).to.have.nested.property('body.metadata.uid', lab.uid);
  });

  it('places the policy twice as well as once, and takes it away twice', async () => {
    const subject = shopSubject();
    for (let i = 0; i < 2; i += 1) await placeDeny(lab.api, subject, denyPolicy(subject), { signal });
    expect(lab.fake.list('networkpolicies.networking.k8s.io')).to.have.length(1);
    expect(lab.livePod().metadata.labels).to.include({ 'kubectl-ir/pod-uid': lab.uid });
    for (let i = 0; i < 2; i += 1) await removePolicy(lab.api, subject, signal);
    expect(lab.fake.list('networkpolicies.networking.k8s.io')).to.deep.equal([]);
  });
});
