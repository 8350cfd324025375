import { expect } from 'chai';
import fc from 'fast-check';
import { goTime } from '../../src/artifacts/go-time.ts';

/** What Go makes of `time.Date(2026, 11, 22, 4, 15, 0, 42, time.UTC)`, and of the same in a zone an hour and seven seconds east. */
const sample = Buffer.from('010000000ee29463440000002affff', 'hex');
const withSeconds = Buffer.from('020000000ee294552d0000002a003c07', 'hex');

describe('goTime', () => {
  it('reads both versions', () => {
    expect(goTime(sample)).to.equal('2026-11-22T04:15:00.000000042Z');
    expect(goTime(withSeconds)).to.equal('2026-11-22T03:14:53.000000042Z');
  });

  it('is none for the zero time, another version, and what is cut or longer', () => {
    const zero = Buffer.from(sample);
    zero.fill(0, 1, 13);
    const other = Buffer.from(sample);
    other[0] = 3;
    for (const bytes of [
      zero,
      other,
      sample.subarray(0, 14),
      Buffer.concat([sample, sample]),
      Buffer.alloc(0),
    ])
      expect(goTime(bytes)).to.equal(undefined);
  });

  it('survives hostile bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 14, maxLength: 14 }), (data) => {
        const text = goTime(Buffer.concat([Buffer.from([1]), Buffer.from(data)]));
        if (text !== undefined) expect(text).to.match(/Z$/);
      }),
    );
  });
});
