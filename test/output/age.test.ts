import { expect } from 'chai';
import fc from 'fast-check';
import { formatAge, formatSeconds } from '../../src/output/age.ts';

describe('formatAge', () => {
  for (const [seconds, text] of [
    [0, '0s'],
    [-5, '0s'],
    [59, '59s'],
    [60, '1m'],
    [312, '5m12s'],
    [3600, '1h'],
    [3605, '1h'],
    [3660, '1h1m'],
    [187_200, '2d4h'],
  ] as const) {
    it(`${seconds} seconds are ${text}`, () => expect(formatAge(seconds * 1000)).to.equal(text));
  }

  it('never has more than two units', () => {
    fc.assert(fc.property(fc.nat(), (ms) => /^(\d+[dhms]){1,2}$/.test(formatAge(ms))));
  });
});

describe('formatSeconds', () => {
  for (const [ms, text] of [
    [40, '0.04s'],
    [9_994, '9.99s'],
    [9_999, '10.0s'],
    [12_340, '12.3s'],
    [59_960, '1m'],
    [312_000, '5m12s'],
  ] as const) {
    it(`${ms} ms are ${text}`, () => expect(formatSeconds(ms)).to.equal(text));
  }
});
