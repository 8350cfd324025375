import { expect } from 'chai';
import fc from 'fast-check';
import { pathText, timeText } from '../../src/filesystem/path-text.ts';

describe('path text', () => {
  it('leaves plain names alone', () => {
    const path = Buffer.from('/srv/ä b').toString('latin1');
    expect(pathText(path)).to.deep.equal({ path: '/srv/ä b' });
  });
  it('escapes and keeps the bytes beside it', () => {
    expect(pathText('/a\n\x1b[2J\xff\\')).to.deep.equal({
      path: '/a\\x0a\\x1b[2J\\xff\\x5c',
      pathBytes: Buffer.from('/a\n\x1b[2J\xff\\', 'latin1').toString('base64'),
    });
  });
  it('loses no path', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const { path, pathBytes } = pathText(Buffer.from(bytes).toString('latin1'));
        const back = pathBytes === undefined ? Buffer.from(path, 'utf8') : Buffer.from(pathBytes, 'base64');
        expect(back).to.deep.equal(Buffer.from(bytes));
      }),
    );
  });
});

describe('time text', () => {
  for (const [nanoseconds, text] of [
    [0n, '1970-01-01T00:00:00.000000000Z'],
    [1_795_397_571_813_746_276n, '2026-11-23T01:32:51.813746276Z'],
    [-1n, '1969-12-31T23:59:59.999999999Z'],
    [9_000_000_000_000_000_000_000n, '@9000000000000'],
  ] as const)
    it(text, () => expect(timeText(nanoseconds)).to.equal(text));
});
