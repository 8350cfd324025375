import { expect } from 'chai';
import { catalogue } from '../../src/artifacts/catalogue.ts';
import { findKind, kinds } from '../../src/artifacts/kinds.ts';

describe('kinds', () => {
  it('show everything of the catalogue that has a parser, in one way', () => {
    const names = kinds.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    const shown = new Set(kinds.flatMap(({ parsers }) => parsers));
    const parsed = catalogue.flatMap(({ parser }) => parser ?? []);
    expect(parsed.filter((parser) => !shown.has(parser))).to.deep.equal([]);
    expect([...shown].filter((parser) => !parsed.includes(parser))).to.deep.equal([]);
  });

  it('are found by name', () => {
    expect(findKind('logins')?.parsers).to.include('utmp');
    expect(findKind('login')).to.equal(undefined);
  });
});
