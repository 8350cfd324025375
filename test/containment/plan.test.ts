import { expect } from 'chai';
import { buildPlan } from '../../src/containment/plan.ts';
import { shopPod, shopProspect } from './subjects.ts';

describe('buildPlan', () => {
  it('cuts first, then denies, detaches and verifies', () => {
    const plan = buildPlan(shopProspect());
    expect(plan.actions.map((action) => action.kind)).to.deep.equal(['cut', 'inside', 'deny', 'detach']);
    expect(plan.actions[0]).to.deep.include({ ports: [8080] });
    expect(plan.actions[3]).to.deep.include({ labels: { app: 'shop', 'pod-template-hash': '1' } });
    expect(plan.service).to.equal('service/shop drops it; replicaset/shop-1 starts a replacement');
    expect([plan.stops, plan.serves, plan.warnings]).to.deep.equal([[], [], []]);
  });

  it('takes a pod that nothing would replace out of its Services alone', () => {
    const plan = buildPlan(shopProspect(shopPod({ metadata: { ownerReferences: [] } })));
    expect(plan.actions[3]).to.deep.include({ labels: { app: 'shop' } });
    expect(plan.service).to.equal('service/shop drops it; no owner, so nothing replaces it');
  });

  it('leaves out what is not wanted', () => {
    const plan = buildPlan(shopProspect(), { skip: ['cut', 'detach'] });
    expect(plan.actions.map((action) => action.kind)).to.deep.equal(['inside', 'deny']);
  });
});
