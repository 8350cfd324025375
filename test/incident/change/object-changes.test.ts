import { expect } from 'chai';
import { objectChanges } from '../../../src/incident/change/object-changes.ts';
import { aClusterObject, anObject, at, podOf } from './change-lab.ts';

function managed(manager: string, minutes: number, more: object = {}): object {
  return { manager, operation: 'Update', time: at(minutes), fieldsV1: { 'f:rules': {} }, ...more };
}

describe('objectChanges', () => {
  it('tells of the creation, and of each manager that set something later', () => {
    const managedFields = [
      managed('kubectl-create', 0),
      managed('kubectl-edit', 7),
      managed('kube-controller-manager', 8),
      managed('kubelet', 9, { subresource: 'status' }),
    ];
    const made = objectChanges(
      aClusterObject('rbac.authorization.k8s.io/v1', 'ClusterRole', 'view', { metadata: { managedFields } }),
    );
    expect(
      made.map(({ action, time, claims, consequence }) => [action, time, claims, consequence]),
    ).to.deep.equal([
      ['created', at(0), 'kubectl-create', false],
      ['changed', at(8), 'kube-controller-manager', false],
      ['changed', at(7), 'kubectl-edit', false],
    ]);
    expect(made[0]?.rollback).to.equal('kubectl delete clusterrole/view');
    expect(made[2]).to.deep.include({ among: ['rules'], fields: [] });
    expect(made.every(({ who }) => who === undefined)).to.equal(true);
  });

  it('has no part of an isolation deleted: it is undone as a whole', () => {
    const labels = { 'kubectl-ir/pod-uid': '1-2-3' };
    const [made] = objectChanges(
      anObject('networking.k8s.io/v1', 'NetworkPolicy', 'ir-1-2-3', { metadata: { labels } }),
    );
    expect(made?.rollback).to.equal(undefined);
    expect(made?.noRollback).to.match(/undone as a whole: .*kubectl ir release$/);
  });

  it('takes for the work of controllers only what they do, since anyone may take their name', () => {
    const metadata = { managedFields: [managed('kube-controller-manager', 8)] };
    const [, made] = objectChanges(anObject('v1', 'ServiceAccount', 'a', { metadata }));
    expect(made?.consequence).to.equal(true);
  });

  it('leaves the creation of what a controller owns to its owner, and hostile objects alone', () => {
    expect(objectChanges(podOf(1, 'web'))).to.deep.equal([]);
    expect(objectChanges({ metadata: { managedFields: 1 } })).to.deep.equal([]);
    const [made] = objectChanges(anObject('v1', 'ServiceAccount', 'a\n; reboot'));
    expect([made?.rollback, made?.noRollback]).to.deep.equal([
      undefined,
      'a name in it has characters that no one can paste; use the API with its exact name',
    ]);
  });
});
