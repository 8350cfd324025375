import { expect } from 'chai';
import fc from 'fast-check';
import { sections, textLines } from '../../src/containment/sections.ts';

const read = (text: string): Record<string, string> =>
  Object.fromEntries([...sections(Buffer.from(text))].map(([name, part]) => [name, part.toString()]));

describe('sections', () => {
  it('splits at marks and keeps the bytes between', () => {
    expect(read('x\n== a\none\ntwo\n== b\n== c-1\nlast')).to.deep.equal({
      a: 'one\ntwo\n',
      b: '',
      'c-1': 'last',
    });
    expect(read('')).to.deep.equal({});
    expect(read('== a')).to.deep.equal({});
  });

  it('takes no mark that has more on its line', () => {
    expect(read('== a\n== not a mark\n==b\n')).to.deep.equal({ a: '== not a mark\n==b\n' });
  });

  it('never throws, and gives lines without newline', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const part of sections(Buffer.concat([Buffer.from('== a\n'), bytes])).values())
          expect(textLines(part).every((line) => !line.includes('\n'))).to.equal(true);
      }),
    );
  });
});
