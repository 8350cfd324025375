import { expect } from 'chai';
import fc from 'fast-check';
import { earlier, isMoment, microseconds, momentKey } from '../../src/incident/moment.ts';

/** Moments with zero to nine digits, and their nanoseconds since the epoch. */
const moment = fc
  .record({
    seconds: fc.integer({ min: -62_000_000_000, max: 250_000_000_000 }),
    nanoseconds: fc.nat(999_999_999),
    digits: fc.nat(9),
  })
  .map(({ seconds, nanoseconds, digits }) => {
    const fraction = String(nanoseconds).padStart(9, '0').slice(0, digits);
    const text = new Date(seconds * 1000).toISOString().slice(0, 19);
    return {
      text: `${text}${digits === 0 ? '' : `.${fraction}`}Z`,
      value: BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0')),
    };
  });

describe('moments', () => {
  it('are RFC 3339 in UTC of four-digit years', () => {
    expect(['2026-11-22T04:15:00Z', '2026-11-22T04:15:00.1Z'].every(isMoment)).to.equal(true);
    for (const text of ['', '1', '+012026-11-22T04:15:00Z', '2026-11-22T04:15:00+01:00', 'Nov 22 04:15:00'])
      expect(isMoment(text)).to.equal(false);
  });

  it('have keys in the order of time', () => {
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        const [left, right] = [momentKey(a.text), momentKey(b.text)];
        expect(left < right).to.equal(a.value < b.value);
        expect(left === right).to.equal(a.value === b.value);
        expect(microseconds(a.text)).to.equal(
          Number((a.value - (((a.value % 1000n) + 1000n) % 1000n)) / 1000n),
        );
      }),
    );
  });

  it('become earlier exactly, and keep their digits', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: -1e9, max: 1e9 }), ({ text, value }, ms) => {
        const found = earlier(text, ms);
        if (found === undefined) return;
        expect(isMoment(found)).to.equal(true);
        const key = momentKey(found);
        const nanoseconds = BigInt(Date.parse(`${key.slice(0, 19)}Z`)) * 1_000_000n + BigInt(key.slice(20));
        expect(nanoseconds).to.equal(value - BigInt(ms) * 1_000_000n);
        if (ms % 1000 === 0) expect(found.length).to.equal(text.length);
      }),
    );
    expect(earlier('9999-12-31T23:59:59Z', -1000)).to.equal(undefined);
    expect(earlier('2026-11-22T04:15:00.123456789Z', 1)).to.equal('2026-11-22T04:15:00.122456789Z');
  });
});
