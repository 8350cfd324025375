import { expect } from 'chai';
import fc from 'fast-check';
import { decimal, fields, hexadecimal, lines } from '../../src/artifacts/lines.ts';

describe('lines', () => {
  it('loses no byte but the newlines', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        const bytes = Buffer.from(data);
        const parts = [...lines(bytes)];
        for (const part of parts)
          expect(bytes.subarray(part.offset, part.offset + part.bytes.length).equals(part.bytes)).to.equal(
            true,
          );
        const joined = Buffer.concat(parts.flatMap((part) => [part.bytes, Buffer.from('\n')]));
        const whole =
          bytes.length > 0 && bytes.at(-1) !== 0x0a ? Buffer.concat([bytes, Buffer.from('\n')]) : bytes;
        expect(joined.equals(whole)).to.equal(true);
      }),
    );
  });
});

describe('fields', () => {
  it('keeps the rest as bytes behind one separator', () => {
    expect(fields(Buffer.from('  a  b  \xff c', 'latin1'), 2)).to.deep.equal({
      values: ['a', 'b'],
      rest: Buffer.from(' \xff c', 'latin1'),
    });
  });

  it('gives nothing for a line that is too short', () => {
    expect(fields(Buffer.from('a b'), 3)).to.equal(undefined);
    expect(fields(Buffer.from(''), 1)).to.equal(undefined);
  });
});

describe('numbers', () => {
  it('are exact above 4 GiB and refused above 2^53', () => {
    expect(decimal('8589934593')).to.equal(8589934593);
    expect(decimal('9007199254740993')).to.equal(undefined);
    expect(hexadecimal('FFFFFFFFFFFFFFFF')).to.equal(undefined);
    expect(hexadecimal('100000000')).to.equal(4294967296);
  });

  it('are digits only', () => {
    for (const text of ['', '-1', '+1', '1 ', '0x1', '1e3', '١'])
      expect(decimal(text), text).to.equal(undefined);
    expect(hexadecimal('0x1f')).to.equal(undefined);
  });
});
