import { expect } from 'chai';
import { adopterOf, adoptersOf, type Controller } from '../../../src/containment/facts/adoption.ts';

const controller = (kind: string, name: string, selector: object, deleted = false): Controller => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, uid: name, ...(deleted ? { deletionTimestamp: '2026-11-22T04:00:00Z' } : {}) },
  spec: { selector },
});

describe('adoption', () => {
  const adopters = adoptersOf([
    controller('ReplicaSet', 'gone', { matchLabels: { tier: 'web' } }, true),
    controller('StatefulSet', 'db', { matchLabels: { tier: 'web' } }),
    controller('ReplicaSet', 'other', { matchLabels: { tier: 'web' } }),
    controller('ReplicationController', 'old', { app: 'x' }),
  ]);

  it('is by labels, and for a StatefulSet by name as well', () => {
    const who = (pod: string, labels: Record<string, string>): string | undefined =>
      adopterOf(pod, labels, adopters)?.name;
    expect(who('shop-1-x', { tier: 'web' })).to.equal('replicaset/other');
    expect(who('db-0', { tier: 'web' })).to.equal('statefulset/db');
    expect(who('db-x', { tier: 'web' })).to.equal('replicaset/other');
    expect(who('shop-1-x', { app: 'x' })).to.equal('replicationcontroller/old');
    expect(who('shop-1-x', {})).to.equal(undefined);
  });
});
