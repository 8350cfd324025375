import { expect } from 'chai';
import fc from 'fast-check';
import { accessTo, cachedAccess } from '../../src/artifacts/random-access.ts';

const bytes = Buffer.from(Array.from({ length: 500 }, (_, index) => index % 251));

describe('cachedAccess', () => {
  it('reads the same as without, within a block and across', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -5, max: 600 }), fc.nat(200))), (reads) => {
        const plain = accessTo(bytes);
        const cached = cachedAccess(plain, 64, 3);
        for (const [offset, length] of reads)
          expect(cached.read(offset, length).equals(plain.read(offset, length))).to.equal(true);
      }),
    );
  });

  it('reads a block once while it is in use', () => {
    const asked: number[] = [];
    const cached = cachedAccess(
      {
        size: bytes.length,
        read: (offset, length) => (asked.push(offset), accessTo(bytes).read(offset, length)),
      },
      64,
      2,
    );
    for (const offset of [0, 8, 70, 10, 130, 5, 75]) cached.read(offset, 4);
    expect(asked).to.deep.equal([0, 64, 128, 64]);
  });
});
