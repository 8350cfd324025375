import { expect } from 'chai';
import type { ClusterRoleBinding, RoleBinding, RoleSubject } from '../../../src/cluster/objects.ts';
import { grantsOf, grantText, namesAccount } from '../../../src/containment/facts/grant.ts';

describe('grants of an account', () => {
  const account = { namespace: 'prod', name: 'robot' };
  const own: RoleSubject = { kind: 'ServiceAccount', name: 'robot', namespace: 'prod' };
  const binding = (
    name: string,
    subjects: RoleSubject[],
    role = 'edit',
  ): ClusterRoleBinding & RoleBinding => ({
    metadata: { name, uid: `u-${name}` },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects,
  });

  it('are by both of its names and by its groups', () => {
    const user = { kind: 'User', name: 'system:serviceaccount:prod:robot' };
    const group = { kind: 'Group', name: 'system:serviceaccounts:prod' };
    const grants = grantsOf(account, [
      binding('a', [{ kind: 'User', name: 'jane' }, own, user]),
      binding('b', [group]),
      binding('c', [
        { ...own, namespace: 'dev' },
        { ...own, name: 'robot2' },
      ]),
      binding('d', [{ kind: 'Group', name: 'system:authenticated' }], 'system:discovery'),
    ]);
    expect(
      grants.map(({ name, own: subjects, group: by }) => [name, subjects.map(({ index }) => index), by]),
    ).to.deep.equal([
      ['a', [1, 2], undefined],
      ['b', [], 'system:serviceaccounts:prod'],
    ]);
    expect(namesAccount({ kind: 'Group', name: 'robot' }, account)).to.equal(false);
  });

  it('say what they give, shortened', () => {
    const [grant] = grantsOf(account, [binding('a', [own])]);
    if (grant === undefined) throw new Error('no grant');
    const rule = { apiGroups: [''], verbs: ['get', 'list'], resources: ['pods', 'secrets'] };
    expect(grantText(grant, [rule])).to.equal(
      'clusterrolebinding/a gives clusterrole/edit: get,list pods,secrets',
    );
    expect(
      grantText(
        grant,
        Array.from({ length: 6 }, () => rule),
      ),
    ).to.match(/ and 2 more rules$/);
    expect(grantText(grant, undefined)).to.match(/: rules not read$/);
    expect(grantText(grant, [])).to.match(/: nothing$/);
  });
});
