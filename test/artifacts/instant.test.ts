import { expect } from 'chai';
import fc from 'fast-check';
import { instantText, utcText } from '../../src/artifacts/instant.ts';

describe('instantText', () => {
  it('writes moments that a calendar has', () => {
    expect(instantText(1_763_000_000)).to.equal('2025-11-13T02:13:20Z');
    expect(instantText(4_102_444_800, 42, 6)).to.equal('2100-01-01T00:00:00.000042Z');
    expect(instantText(2 ** 52)).to.equal(undefined);
    expect(instantText(0.5)).to.equal(undefined);
  });
});

describe('utcText', () => {
  it('agrees with Date on every offset and keeps the nanoseconds', () => {
    const zone = fc.tuple(
      fc.constantFrom('+', '-'),
      fc.integer({ min: 0, max: 14 }),
      fc.constantFrom('00', '30', '45'),
    );
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
        zone,
        (date, [sign, hours, minutes]) => {
          const text = `${date.toISOString().slice(0, 19)}.123456789${sign}${String(hours).padStart(2, '0')}:${minutes}`;
          expect(utcText(text)).to.equal(
            `${new Date(text.replace('.123456789', '')).toISOString().slice(0, 19)}.123456789Z`,
          );
        },
      ),
    );
  });

  it('refuses what is no time', () => {
    for (const text of [
      '',
      '2026-11-22',
      '2026-11-22T04:15:00',
      '2026-13-22T04:15:00Z',
      '2026-11-22T04:15:00Zx',
    ])
      expect(utcText(text), text).to.equal(undefined);
  });
});
