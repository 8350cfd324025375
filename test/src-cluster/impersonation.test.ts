import { expect } from 'chai';
import { impersonationHeaders } from '../../src/cluster/impersonation.ts';

describe('impersonationHeaders', () => {
  it('is nothing without a user to be', () => {
    expect(impersonationHeaders({ asGroups: [], asExtra: {} })).to.deep.equal({});
  });

  it('has names of any language as the bytes of UTF-8', () => {
    const headers = impersonationHeaders({ as: 'jörg', asGroups: ['Équipe', '監査'], asExtra: {} });
    const values = ['impersonate-user', 'impersonate-group'].flatMap((name) => headers[name] ?? []);
    expect(values.map((value) => Buffer.from(value, 'latin1').toString('utf8'))).to.deep.equal([
      'jörg',
      'Équipe',
      '監査',
    ]);
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
