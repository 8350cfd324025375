import { expect } from 'chai';
import { rbacManifest } from '../../src/cluster/rbac.ts';

describe('rbacManifest', () => {
  it('has a role and binding for each namespace and a cluster role for the rest', () => {
    const objects = rbacManifest(
      [
        { verb: 'get', resource: 'nodes' },
        { verb: 'create', resource: 'pods', namespace: 'kubectl-ir' },
        { verb: 'delete', resource: 'pods', namespace: 'kubectl-ir' },
        { verb: 'get', resource: 'pods', subresource: 'exec', namespace: 'kubectl-ir' },
        { verb: 'patch', group: 'apps', resource: 'deployments', name: 'shop', namespace: 'prod' },
      ],
      { username: 'jane' },
    );
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? '-'}`)).to.have.members([
      'ClusterRole -',
      'ClusterRoleBinding -',
      'Role kubectl-ir',
      'RoleBinding kubectl-ir',
      'Role prod',
      'RoleBinding prod',
    ]);
    const role = objects.find(({ kind, metadata }) => kind === 'Role' && metadata.namespace === 'kubectl-ir');
    expect(role).to.have.deep.property('rules', [
      { apiGroups: [''], resources: ['pods'], verbs: ['create', 'delete'] },
      { apiGroups: [''], resources: ['pods/exec'], verbs: ['get'] },
    ]);
    const named = objects.find(({ kind, metadata }) => kind === 'Role' && metadata.namespace === 'prod');
    expect(named).to.have.nested.property('rules[0].resourceNames[0]', 'shop');
  });

  it('binds users and service accounts', () => {
    const binding = (username: string) =>
      rbacManifest([{ verb: 'get', resource: 'nodes' }], { username })[1] as unknown as { subjects: unknown };
    expect(binding('jane').subjects).to.deep.equal([
      { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' },
    ]);
    expect(binding('system:serviceaccount:tools:ir').subjects).to.deep.equal([
      { kind: 'ServiceAccount', namespace: 'tools', name: 'ir' },
    ]);
  });
});
