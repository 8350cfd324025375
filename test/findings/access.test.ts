import { expect } from 'chai';
import { parseAccess } from '../../src/findings/access.ts';

const parsed = (value: unknown): ReturnType<typeof parseAccess> =>
  parseAccess(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));

const binding = {
  metadata: { name: 'b', namespace: 'prod' },
  roleRef: { kind: 'Role', name: 'r' },
  subjects: [{ kind: 'ServiceAccount', name: 'shop', namespace: 'prod' }],
};
const role = {
  metadata: { name: 'r' },
  rules: [{ verbs: ['get'], apiGroups: [''], resources: ['secrets'], resourceNames: ['db'] }],
};

describe('bindings and roles', () => {
  it('are read from lists and from single objects', () => {
    const wanted = {
      bindings: [
        { name: 'b', namespace: 'prod', role: { kind: 'Role', name: 'r' }, subjects: binding.subjects },
      ],
      roles: [],
    };
    expect(parsed({ kind: 'RoleBindingList', items: [binding] })).to.deep.equal(wanted);
    expect(parsed(binding)).to.deep.equal(wanted);
    expect(parsed(role)?.roles).to.deep.equal([
      { name: 'r', rules: [{ verbs: ['get'], groups: [''], resources: ['secrets'], names: ['db'] }] },
    ]);
  });
  it('may have no rules or subjects, as the API server leaves empty ones out', () => {
    expect(parsed({ items: [{ metadata: { name: 'r' } }] })?.roles).to.deep.equal([{ name: 'r', rules: [] }]);
    expect(parsed({ ...binding, subjects: null })?.bindings[0]?.subjects).to.deep.equal([]);
  });
  it('are left out where they have no name, and members of another type with them', () => {
    expect(parsed({ items: [{}, 7, { metadata: { name: 7 } }, { ...binding, roleRef: 7 }] })).to.deep.equal({
      bindings: [],
      roles: [],
    });
    expect(
      parsed({ ...role, rules: [{ verbs: 'get', resources: [7, 'pods'] }, 'x'] })?.roles[0]?.rules,
    ).to.deep.equal([{ verbs: [], groups: [], resources: ['pods'], names: [] }]);
  });
  it('are none where the text is no JSON', () => {
    expect(parsed('{')).to.equal(undefined);
    expect(parsed('[]')).to.equal(undefined);
  });
});
