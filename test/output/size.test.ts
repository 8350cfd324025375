import { expect } from 'chai';
import fc from 'fast-check';
import { formatSize } from '../../src/output/size.ts';

describe('formatSize', () => {
  for (const [bytes, text] of [
    [0, '0'],
    [1023, '1023'],
    [1024, '1.0Ki'],
    [10_188, '9.9Ki'],
    [10_189, '10Ki'],
    [260_096, '254Ki'],
    [1_048_575, '1.0Mi'],
    [18_874_368, '18Mi'],
    [2 ** 70, '1048576Pi'],
  ] as const) {
    it(`${bytes} bytes are ${text}`, () => expect(formatSize(bytes)).to.equal(text));
  }

  it('takes bigint', () => expect(formatSize(1n << 30n)).to.equal('1.0Gi'));

  it('is short for every size below an exbibyte', () => {
    fc.assert(fc.property(fc.bigInt(0n, (1n << 60n) - 1n), (bytes) => formatSize(bytes).length <= 6));
  });
});
