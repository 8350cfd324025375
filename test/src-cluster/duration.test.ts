import { expect } from 'chai';
import { parseTimeout } from '../../src/cluster/duration.ts';
import { UsageError } from '../../src/output/errors.ts';

describe('parseTimeout', () => {
  const cases = [
    ['0', undefined],
    ['0s', undefined],
    ['30', 30_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    ['99999h', 2 ** 31 - 1],
  ] as const;
  for (const [text, ms] of cases) {
    it(`${text} is ${String(ms)}`, () => {
      expect(parseTimeout(text)).to.equal(ms);
    });
  }

  for (const text of ['', '1x', '-1', '1s ', 's', '1m2', 'NaN']) {
    it(`refuses "${text}"`, () => {
      expect(() => parseTimeout(text)).to.throw(UsageError, /invalid timeout value/);
    });
  }
});
