import { expect } from 'chai';
import { impersonationHeaders } from '../../src/cluster/impersonation.ts';

describe('impersonationHeaders', () => {
  it('is nothing without a user to be', () => {
    expect(impersonationHeaders({ asGroups: [], asExtra: {} })).to.deep.equal({});
  });

  it('has one header for each group and extra, keys encoded', () => {
    expect(
      impersonationHeaders({
        as: 'jane',
        asUid: '7',
        asGroups: ['a', 'b'],
        asExtra: { 'Example.com/Project%': ['x', 'y'] },
      }),
    ).to.deep.equal({
      'impersonate-user': 'jane',
      'impersonate-uid': '7',
      'impersonate-group': ['a', 'b'],
      'impersonate-extra-example.com%2Fproject%25': ['x', 'y'],
    });
  });
});
