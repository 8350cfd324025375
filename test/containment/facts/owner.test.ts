import { expect } from 'chai';
import type { DaemonSet, Job, StatefulSet } from '../../../src/cluster/objects.ts';
import {
  controllerOf,
  isKnownOwner,
  type OwnerKind,
  ownerKindOf,
  ownerOf,
  ownerResource,
  ownerText,
} from '../../../src/containment/facts/owner.ts';
import { ownerUid, shopPod, shopSet } from '../subjects.ts';

const owned = (kind: string): ReturnType<typeof shopPod> =>
  shopPod({
    metadata: { ownerReferences: [{ apiVersion: 'x/v1', kind, name: 'o', uid: ownerUid, controller: true }] },
  });

describe('ownerOf', () => {
  it('knows a ReplicaSet and what is above it', () => {
    expect(ownerOf(shopPod(), shopSet())).to.deep.equal({
      kind: 'ReplicaSet',
      name: 'shop-1',
      uid: ownerUid,
      selector: { matchLabels: { app: 'shop', 'pod-template-hash': '1' } },
      wanted: 2,
      ready: 2,
      above: 'deployment/shop',
    });
  });

  it('counts the pods of each kind by its own fields', () => {
    const metadata = { uid: ownerUid };
    const daemons = { metadata, status: { desiredNumberScheduled: 3, numberReady: 2 } } as DaemonSet;
    const stateful = { metadata, spec: { replicas: 4 }, status: { readyReplicas: 1 } } as StatefulSet;
    const job = { metadata, spec: { parallelism: 5 }, status: { ready: 5 } } as Job;
    const counts = (
      [
        ['DaemonSet', daemons],
        ['StatefulSet', stateful],
        ['Job', job],
      ] as const
    ).map(([kind, object]) => ownerOf(owned(kind), object));
    expect(counts.map((one) => isKnownOwner(one) && [one.wanted, one.ready])).to.deep.equal([
      [3, 2],
      [4, 1],
      [5, 5],
    ]);
  });

  it('does not take another of the same name for the owner, nor a kind that it does not know', () => {
    const stranger = { ...shopSet(), metadata: { name: 'shop-1', uid: 'another' } };
    expect(ownerOf(shopPod(), stranger)).to.deep.equal({ kind: 'ReplicaSet', name: 'shop-1' });
    expect(ownerOf(owned('CloneSet'), shopSet())).to.deep.equal({ kind: 'CloneSet', name: 'o' });
    expect(ownerText({ kind: 'CloneSet', name: 'o' })).to.equal('cloneset/o');
    const bare = shopPod({ metadata: { ownerReferences: [] } });
    expect([controllerOf(bare), ownerOf(bare, shopSet())]).to.deep.equal([undefined, undefined]);
  });

  it('knows where each kind is found', () => {
    const kinds: OwnerKind[] = ['ReplicaSet', 'Job'];
    expect(kinds.map(ownerResource)).to.deep.equal([
      { apiVersion: 'apps/v1', resource: 'replicasets' },
      { apiVersion: 'batch/v1', resource: 'jobs' },
    ]);
    expect([ownerKindOf('Job'), ownerKindOf('x')]).to.deep.equal(['Job', undefined]);
  });
});
