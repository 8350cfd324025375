import { expect } from 'chai';
import fc from 'fast-check';
import { type Grant, rbacManifest } from '../../src/cluster/rbac.ts';
import { anyText } from '../support/any-text.ts';

const grant = { username: 'jane', namespace: 'prod', collectorNamespace: 'kubectl-ir' };
const rights = [
  { verb: 'get', resource: 'nodes' },
  { verb: 'get', resource: 'pods', namespace: 'prod' },
];

const anyUser = anyText({ maxLength: 150 });

/** The one name that all objects of a grant have. */
function nameOf(change: Partial<Grant>): string {
  const objects = rbacManifest(rights, { ...grant, ...change });
  const names = objects.flatMap((object) => [
    object.metadata.name,
    ...('roleRef' in object ? [object.roleRef.name] : []),
  ]);
  expect(new Set(names).size).to.equal(1);
  return names[0] ?? '';
}

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
      grant,
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
      rbacManifest([{ verb: 'get', resource: 'nodes' }], { ...grant, username })[1] as unknown as {
        subjects: unknown;
      };
    expect(binding('jane').subjects).to.deep.equal([
      { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' },
    ]);
    expect(binding('system:serviceaccount:tools:ir').subjects).to.deep.equal([
      { kind: 'ServiceAccount', namespace: 'tools', name: 'ir' },
    ]);
  });

  it('names its objects after user, command and both namespaces, so that no grant replaces another', () => {
    expect(nameOf({})).to.equal('kubectl-ir:all:prod:kubectl-ir:jane');
    const grants: Partial<Grant>[] = [
      ...[
        {},
        { command: 'isolate' },
        { command: 'diff' },
        { namespace: 'shop' },
        { collectorNamespace: 'ir' },
      ],
      ...[{ namespace: 'kubectl-ir', collectorNamespace: 'prod' }, { username: 'joe' }, { username: 'Jane' }],
      ...[
        'jane@example.org',
        'system:serviceaccount:a:b',
        'system:serviceaccount:a',
        '',
        '.',
        'jane=2f',
        'jane/',
      ],
      ...['jane%2f', 'jane\n', 'jane ', 'jané', 'jane\u0301', '\u{1f600}', 'x'.repeat(128), 'x'.repeat(129)],
      ...[
        'x'.repeat(5000),
        `${'x'.repeat(128)}y`,
        `${'x'.repeat(128)}=sha256-`,
        '/'.repeat(50),
        '/'.repeat(51),
      ],
    ].map((one) => (typeof one === 'string' ? { username: one } : one));
    const names = grants.map(nameOf);
    expect(new Set(names).size).to.equal(grants.length);
    for (const name of names) expect(name).to.match(/^[\w.:@+=-]{1,300}$/);
    expect(grants.map(nameOf)).to.deep.equal(names);
  });

  it('leaves users apart whatever they are called', () => {
    fc.assert(
      fc.property(anyUser, anyUser, (one, other) => {
        expect(nameOf({ username: one }) === nameOf({ username: other })).to.equal(one === other);
        expect(nameOf({ username: one })).not.to.match(/[/%]/);
      }),
    );
  });
});
