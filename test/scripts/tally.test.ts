import { expect } from 'chai';
import { nothing, plus, tallyLine, tallyOf } from '../../scripts/tally.ts';

describe('tallyOf', () => {
  for (const [name, exitCode, counts, line] of [
    ['takes the counts of a run', 0, '12 0 1\n', '12 passed, 0 failed, 1 skipped'],
    ['takes its failures', 1, '10 2 0\n', '10 passed, 2 failed, 0 skipped'],
    ['counts a failure that no test explains', 1, '12 0 0\n', '12 passed, 1 failed, 0 skipped'],
    ['counts a run that wrote nothing as failed', 0, undefined, '0 passed, 1 failed, 0 skipped'],
    ['counts a run that wrote half as failed', 128, '12 0', '0 passed, 1 failed, 0 skipped'],
    ['counts a run that wrote rubbish as failed', 0, 'x 0 0', '0 passed, 1 failed, 0 skipped'],
  ] as const) {
    it(name, () => expect(tallyLine(tallyOf(exitCode, counts))).to.equal(line));
  }

  it('adds up', () => {
    expect(plus({ ...nothing, passed: 1 }, { passed: 1, failed: 2, skipped: 3 })).to.deep.equal({
      passed: 2,
      failed: 2,
      skipped: 3,
    });
  });
});
