import { expect } from 'chai';
import type { Right } from '../../src/cluster/access.ts';
import { buildPlan, type MayNot } from '../../src/containment/plan.ts';
import { shopPod, shopProspect } from './subjects.ts';

describe('buildPlan', () => {
  it('guards, then cuts, denies and detaches', () => {
    const plan = buildPlan(shopProspect());
    expect(plan.actions.map((action) => action.kind)).to.deep.equal([
      ...['guard', 'cut', 'inside', 'deny', 'detach'],
    ]);
    expect(plan.actions[1]).to.deep.include({ ports: [8080] });
    expect(plan.actions[4]).to.deep.include({ labels: { app: 'shop', 'pod-template-hash': '1' } });
    expect(plan.service).to.equal('service/shop drops it; replicaset/shop-1 starts a replacement');
    expect([plan.stops, plan.serves, plan.warnings]).to.deep.equal([[], [], []]);
  });

  it('takes a pod that nothing would replace out of its Services alone', () => {
    const plan = buildPlan(shopProspect(shopPod({ metadata: { ownerReferences: [] } })));
    expect(plan.actions[4]).to.deep.include({ labels: { app: 'shop' } });
    expect(plan.service).to.equal('service/shop drops it; no owner, so nothing replaces it');
  });

  it('leaves out what is not wanted, and cordons when it is', () => {
    const plan = buildPlan(shopProspect(), { skip: ['cut', 'detach'], cordon: true });
    expect(plan.actions.map((action) => action.kind)).to.deep.equal(['guard', 'inside', 'deny', 'cordon']);
  });

  it('detaches a pod whose own owner may be read, whatever other owners may not', () => {
    const right = (resource: string): Right => ({ verb: 'get', resource });
    const kindsWith = (...lacking: Right[]): string[] =>
      buildPlan({ ...shopProspect(), mayNot: new Map([['detach', lacking]]) }).actions.map(
        ({ kind }) => kind,
      );
    expect(kindsWith(right('jobs'), right('daemonsets'))).to.include('detach');
    expect(kindsWith(right('jobs'), right('replicasets'))).not.to.include('detach');
  });

  it('leaves out what the user may not do and says why; guards are placed in part', () => {
    const right = (group: string, resource: string): Right => ({ verb: 'create', group, resource });
    const mayNot: MayNot = new Map([
      ['guard', [right('policy', 'poddisruptionbudgets')]],
      ['cut', [right('', 'pods')]],
      ['deny', [right('cilium.io', 'ciliumnetworkpolicies'), right('networking.k8s.io', 'networkpolicies')]],
    ]);
    const plan = buildPlan({ ...shopProspect(), mayNot });
    expect(plan.actions.map((action) => action.kind)).to.deep.equal(['guard', 'inside', 'detach']);
    expect(plan.actions[0]).to.deep.include({ budget: false, policy: true });
    expect(plan.leftOut.map(({ kind, why }) => [kind, why])).to.deep.equal([
      ['cut', 'you may not create pods'],
      ['deny', 'you may not create networkpolicies'],
    ]);
  });
});
