import { expect } from 'chai';
import type { Access, Binding, Role } from '../../src/findings/access.ts';
import { grantsOf } from '../../src/findings/grants.ts';

const source = { acquisition: 'a', item: 1, name: 'n' };
const account = { namespace: 'prod', name: 'shop' };
const rule = { verbs: ['get'], groups: [''], resources: ['pods'], names: [] };

function grants(bindings: readonly Binding[], roles: readonly Role[]): string[] {
  const access: Access = {
    bindings: bindings.map((value) => ({ source, value })),
    roles: roles.map((value) => ({ source, value })),
  };
  return grantsOf(access, account).map(({ binding, role }) => `${binding.value.name} ${role.value.name}`);
}

describe('grants of an account', () => {
  const subjects = [{ kind: 'ServiceAccount', name: 'shop', namespace: 'prod' }];
  const binding = { name: 'b', namespace: 'prod', role: { kind: 'Role', name: 'r' }, subjects };

  it('are of the role in the namespace of the binding, or of the cluster where the binding says so', () => {
    const roles = [
      { name: 'r', namespace: 'dev', rules: [rule, rule] },
      { name: 'r', rules: [rule, rule, rule] },
      { name: 'r', namespace: 'prod', rules: [rule] },
    ];
    expect(grants([binding], roles)).to.have.length(1);
    expect(grants([{ ...binding, role: { kind: 'ClusterRole', name: 'r' } }], roles)).to.have.length(3);
  });
  it('are none of bindings of others, and of roles that nobody has', () => {
    const others = [{ kind: 'ServiceAccount', name: 'shop', namespace: 'dev' }];
    expect(
      grants([{ ...binding, subjects: others }], [{ name: 'r', namespace: 'prod', rules: [rule] }]),
    ).to.deep.equal([]);
    expect(grants([binding], [])).to.deep.equal([]);
  });
});
