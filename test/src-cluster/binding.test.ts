import { expect } from 'chai';
import { bindsAccount, rolesOfEverybody } from '../../src/cluster/binding.ts';

describe('bindsAccount', () => {
  const account = { namespace: 'prod', name: 'shop' };

  it('knows an account by its name and by its groups', () => {
    for (const subject of [
      { kind: 'ServiceAccount', name: 'shop', namespace: 'prod' },
      { kind: 'User', name: 'system:serviceaccount:prod:shop' },
      { kind: 'Group', name: 'system:authenticated' },
    ])
      expect(bindsAccount([subject], undefined, account)).to.equal(true);
    const nowhere = { kind: 'ServiceAccount', name: 'shop' };
    expect([
      bindsAccount([nowhere], 'prod', account),
      bindsAccount([nowhere], undefined, account),
    ]).to.deep.equal([true, false]);
    expect(bindsAccount([{ kind: 'Group', name: 'system:serviceaccounts:dev' }], 'prod', account)).to.equal(
      false,
    );
    expect(rolesOfEverybody.has('cluster-admin')).to.equal(false);
  });
});
