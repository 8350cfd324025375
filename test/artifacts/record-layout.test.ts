import { expect } from 'chai';
import { clearestLayout, isZero, type RecordLayout } from '../../src/artifacts/record-layout.ts';

const layouts: readonly RecordLayout[] = [
  { bytes: 2, order: 'little' },
  { bytes: 3, order: 'little' },
];

describe('clearestLayout', () => {
  const found = (text: string): number | undefined =>
    clearestLayout(layouts, Buffer.from(text), (record) => (record[0] === 0x61 ? 1 : 0))?.bytes;

  it('is the one with the most points', () => {
    expect(found('a.a.a.')).to.equal(2);
    expect(found('a..a..')).to.equal(3);
  });

  it('is none where two have as many, or none has any', () => {
    expect(found('a.....')).to.equal(undefined);
    expect(found('......')).to.equal(undefined);
    expect(found('')).to.equal(undefined);
  });
});

describe('isZero', () => {
  it('finds any byte that is not', () => {
    for (const length of [0, 1, 2, 1000]) {
      expect(isZero(Buffer.alloc(length))).to.equal(true);
      for (const at of [0, Math.floor(length / 2), length - 1]) {
        if (length === 0) continue;
        const bytes = Buffer.alloc(length);
        bytes[at] = 1;
        expect(isZero(bytes)).to.equal(false);
      }
    }
  });
});
