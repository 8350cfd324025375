import { expect } from 'chai';
import { at, fitting, place, ticks } from '../../../../src/incident/report/html/axis.ts';

describe('an axis', () => {
  const from = Date.UTC(2026, 10, 22, 4, 15);
  const axis = { from, to: from + 60_000, left: 100, right: 700 };

  it('has a place for each time, and none outside', () => {
    expect([from - 1, from, from + 30_000, from + 90_000].map((time) => place(axis, time))).to.deep.equal([
      100, 100, 400, 700,
    ]);
    expect(place({ ...axis, to: from }, from)).to.equal(100);
    expect(at('2026-11-22T04:15:00Z')).to.equal(from);
  });

  it('has a handful of round times, whatever its length', () => {
    for (const seconds of [1, 60, 3600, 86_400, 40 * 86_400, 400 * 86_400])
      expect(ticks({ ...axis, to: from + seconds * 1000 }, 0, 10).length, `${seconds}`).to.be.within(1, 8);
    expect(ticks(axis, 0, 10).join('')).to.contain('>04:15:10<');
    expect(ticks({ ...axis, to: from + 40 * 86_400_000 }, 0, 10).join('')).to.contain('>2026-11-2');
  });

  it('cuts text by what is shown of it', () => {
    expect([fitting('abc', 3), fitting('abcd', 3), fitting('\u202e', 4)]).to.deep.equal([
      'abc',
      'ab…',
      '\\xe…',
    ]);
  });
});
