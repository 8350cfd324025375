import { expect } from 'chai';
import fc from 'fast-check';
import { nameWord, sealMark, stampOf, tagFiles } from '../../src/evidence/layout.ts';
import { anyText } from '../support/any-text.ts';

describe('layout', () => {
  it('makes of any text a name that stays where it is put', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), anyText()), (text) => {
        expect(nameWord(text))
          .to.match(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,79}$/)
          .and.not.match(/\.$/);
      }),
    ));

  for (const [text, word] of [
    ['web-0.prod', 'web-0.prod'],
    ['-rf', 'rf'],
    ['../../etc', '_.._etc'],
    ['', 'unnamed'],
    ['...', 'unnamed'],
  ] as const)
    it(`makes ${word} of ${JSON.stringify(text)}`, () => expect(nameWord(text)).to.equal(word));

  it('writes the time without what file systems refuse', () =>
    expect(stampOf(new Date(Date.UTC(2026, 10, 22, 4, 15, 7, 999)))).to.equal('20261122T041507Z'));

  it('has the mark of a whole seal last', () => expect(tagFiles.at(-1)).to.equal(sealMark));
});
