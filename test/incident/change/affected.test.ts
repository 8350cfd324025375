import { expect } from 'chai';
import { affectedBy, releaseOf, roleGiven, workloadsOf } from '../../../src/incident/change/affected.ts';
import { objectKey } from '../../../src/incident/change/change.ts';
import { objectFacts } from '../../../src/incident/change/object-facts.ts';
import { aClusterObject, anObject, deployment, ownedBy, podOf, replicaSet } from './change-lab.ts';

const rbac = 'rbac.authorization.k8s.io/v1';
const accounts = [{ namespace: 'prod', name: 'shop' }];

function binding(
  subjects: unknown,
  role: object = { kind: 'ClusterRole', name: 'admin' },
): ReturnType<typeof anObject> {
  return anObject(rbac, 'RoleBinding', 'b', { subjects, roleRef: role });
}

describe('affectedBy', () => {
  const annotations = { 'meta.helm.sh/release-name': 'shop' };
  const pod = podOf(1, 'web-1-x');

  it('follows owners to the last one, and knows accounts, labels and the release', () => {
    const affected = affectedBy(
      [pod],
      [deployment({ metadata: { annotations } }), replicaSet(1, 0)],
      ['more'],
    );
    expect([...affected.own.values()]).to.deep.equal([
      'the pod itself',
      'its owner replicaset/web-1',
      'its owner deployment/web',
      'the Helm release of deployment/web',
    ]);
    expect(affected.accounts).to.deep.equal(accounts);
    expect([...affected.namespaces]).to.deep.equal(['prod', 'more']);
    expect(affected.pods).to.deep.equal([{ namespace: 'prod', name: 'web-1-x', labels: { app: 'web' } }]);
  });

  it('ends with owners in a circle, and with hostile objects', () => {
    const circle = ['a', 'b'].map((name) =>
      anObject('apps/v1', 'ReplicaSet', name, {
        metadata: { ownerReferences: ownedBy('ReplicaSet', name === 'a' ? 'b' : 'a') },
      }),
    );
    const start = anObject('v1', 'Pod', 'p', { metadata: { ownerReferences: ownedBy('ReplicaSet', 'a') } });
    expect(affectedBy([start, {}], circle).own.size).to.equal(3);
    const name = { apiVersion: 'v1', kind: 'Pod', namespace: 'prod', name: 'p' };
    expect(workloadsOf([start], circle)(name)?.kind).to.equal('ReplicaSet');
    expect(workloadsOf([pod], [replicaSet(1, 0), deployment()])({ ...name, name: 'web-1-x' })?.name).to.equal(
      'web',
    );
  });

  it('takes no release whose name could be none', () => {
    const facts = objectFacts(
      deployment({ metadata: { annotations: { 'meta.helm.sh/release-name': 'a,b=c' } } }),
    );
    expect(facts && releaseOf(facts)).to.equal(undefined);
  });
});

describe('roleGiven', () => {
  it('finds bindings by the account and by its groups', () => {
    for (const subject of [
      { kind: 'ServiceAccount', name: 'shop' },
      { kind: 'ServiceAccount', name: 'shop', namespace: 'prod' },
      { kind: 'User', name: 'system:serviceaccount:prod:shop' },
      { kind: 'Group', name: 'system:serviceaccounts:prod' },
    ]) {
      const role = roleGiven(binding([1, subject]), accounts);
      expect(role && objectKey(role)).to.equal(
        objectKey({ apiVersion: rbac, kind: 'ClusterRole', name: 'admin' }),
      );
    }
    expect(
      roleGiven(binding([{ kind: 'ServiceAccount', name: 'shop' }], { kind: 'Role', name: 'r' }), accounts),
    ).to.deep.include({ namespace: 'prod', name: 'r' });
  });

  it('leaves out others, what everybody has, and what is no binding', () => {
    const subjects = [{ kind: 'Group', name: 'system:authenticated' }];
    const discovery = { kind: 'ClusterRole', name: 'system:discovery' };
    for (const other of [
      binding([{ kind: 'ServiceAccount', name: 'shop', namespace: 'dev' }]),
      binding('shop'),
      binding(undefined, {}),
      aClusterObject(rbac, 'ClusterRoleBinding', 'x', { subjects, roleRef: discovery }),
      {},
    ])
      expect(roleGiven(other, accounts)).to.equal(undefined);
  });
});
