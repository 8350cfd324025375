import { expect } from 'chai';
import type { ActRecord } from '../../src/containment/acts/acts.ts';
import { stayAnnotations } from '../../src/containment/names.ts';
import { buildPlan } from '../../src/containment/plan.ts';
import { type IsolationRecord, recordOf } from '../../src/containment/record.ts';
import { asBefore, continued, openActs } from '../../src/containment/unfinished.ts';
import { shopPod, shopProspect, shopSet, shopSubject, uid } from './subjects.ts';

const safe = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
const record = recordOf(buildPlan(shopProspect()), { created: new Date(0) });

describe('an unfinished isolation', () => {
  it('has open acts: those not ticked off as done', () => {
    const ticks = new Map([
      ['guard', 'part x'],
      ['cut', 'done x'],
      ['inside', 'failed x'],
    ] as const);
    expect(openActs({ record, ticks })).to.deep.equal(['guard', 'inside', 'deny', 'detach']);
  });

  it('is planned again as it was, from a pod that was half changed', () => {
    const half = shopPod({
      metadata: {
        labels: { tier: 'web', 'kubectl-ir/pod-uid': uid },
        annotations: { ...stayAnnotations, x: 'y' },
        ownerReferences: [],
      },
    });
    const before = asBefore(half, record);
    expect(before.metadata?.labels).to.deep.equal(shopPod().metadata?.labels);
    expect(before.metadata?.annotations).to.deep.equal({ x: 'y' });
    expect(shopSubject(before, { owner: shopSet() }).owner).to.deep.equal(shopSubject().owner);
    expect(recordOf(buildPlan(shopProspect(before)), { created: new Date(0) })).to.deep.equal(record);
  });

  it('leaves alone what somebody has set since', () => {
    const touched = shopPod({
      metadata: { labels: { app: 'other' }, annotations: { [safe]: 'true' } },
    });
    const { metadata } = asBefore(touched, record);
    expect(metadata?.labels).to.include({ app: 'other', 'pod-template-hash': '1' });
    expect(metadata?.annotations).to.deep.equal({ [safe]: 'true' });
  });

  it('is gone on with by a record that takes back what either run placed', () => {
    const of = (acts: readonly ActRecord[]): IsolationRecord => ({ ...record, acts });
    const old = of([
      { kind: 'guard', budget: true, policy: false, annotations: { [safe]: 'true' } },
      { kind: 'cut', level: 'busybox bridge' },
      { kind: 'deny', networks: ['cilium'] },
      { kind: 'detach', labels: { app: 'shop' }, deletionCost: '5' },
      { kind: 'cordon' },
    ]);
    const fresh = of([
      { kind: 'guard', budget: false, policy: true, annotations: { [safe]: null } },
      { kind: 'cut', level: 'nft full' },
      { kind: 'inside', nft: true },
      { kind: 'deny', networks: ['calico'] },
      { kind: 'detach', labels: { app: 'other', tier: 'web' } },
    ]);
    expect(continued(old, fresh).acts).to.deep.equal([
      { kind: 'guard', budget: true, policy: true, annotations: { [safe]: 'true' } },
      { kind: 'cut', level: 'nft full' },
      { kind: 'inside', nft: true },
      { kind: 'deny', networks: ['cilium', 'calico'] },
      { kind: 'detach', labels: { app: 'shop', tier: 'web' }, deletionCost: '5' },
      { kind: 'cordon' },
    ]);
    expect(continued(fresh, old).acts[1]).to.deep.equal({ kind: 'cut', level: 'nft full' });
  });
});
