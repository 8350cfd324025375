import { expect } from 'chai';
import { buildPlan } from '../../src/containment/plan.ts';
import { shopPod, shopSet, shopSubject } from './subjects.ts';

describe('buildPlan', () => {
  it('cuts first, then denies, detaches and verifies', () => {
    const plan = buildPlan(shopSubject());
    expect(plan.actions.map((action) => action.kind)).to.deep.equal(['cut', 'deny', 'detach']);
    expect(plan.actions[0]).to.deep.include({ ports: [8080] });
    expect(plan.actions[2]).to.deep.include({ labels: { app: 'shop', 'pod-template-hash': '1' } });
    expect(plan.service).to.equal('service/shop drops it; replicaset/shop-1 starts a replacement');
  });

  it('keeps the labels of a pod that nothing would replace, and says so', () => {
    const bare = shopPod({ metadata: { ownerReferences: [] } });
    const plan = buildPlan(shopSubject(bare));
    expect(plan.actions.map((action) => action.kind)).to.deep.equal(['cut', 'deny']);
    expect(plan.service).to.equal(
      'no owner, so nothing replaces it; service/shop keeps it as an endpoint that does not answer',
    );
  });

  it('warns of policies that add up and of a ReplicaSet that cannot be left', () => {
    const policies = [
      { metadata: { name: 'open' }, spec: { podSelector: {}, ingress: [{}] } },
      { metadata: { name: 'closed' }, spec: { podSelector: {}, policyTypes: ['Ingress'] } },
    ];
    const replicaSet = shopSet({ selector: {} });
    const { warnings } = buildPlan(shopSubject(shopPod(), { policies, replicaSet }));
    expect(warnings).to.have.length(2);
    expect(warnings[1]).to.match(/^networkpolicy open allows/);
  });
});
