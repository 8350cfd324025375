import { expect } from 'chai';
import { nothing, parseCounts, plus, skipLines, tallyLine, tallyOf } from '../../scripts/tally.ts';

describe('tallyOf', () => {
  for (const [name, exitCode, counts, line] of [
    [
      'takes the counts of a run',
      0,
      '{"passed":12,"failed":0,"skipped":1}',
      '12 passed, 0 failed, 1 skipped',
    ],
    ['takes its failures', 1, '{"passed":10,"failed":2,"skipped":0}', '10 passed, 2 failed, 0 skipped'],
    [
      'counts a failure that no test explains',
      1,
      '{"passed":12,"failed":0,"skipped":0}',
      '12 passed, 1 failed, 0 skipped',
    ],
    ['counts a run that wrote nothing as failed', 0, '', '0 passed, 1 failed, 0 skipped'],
    ['counts a run that wrote half as failed', 128, '{"passed":12', '0 passed, 1 failed, 0 skipped'],
    ['counts a run that wrote rubbish as failed', 0, '{"passed":1}', '0 passed, 1 failed, 0 skipped'],
  ] as const) {
    it(name, () => expect(tallyLine(tallyOf(exitCode, parseCounts(counts)))).to.equal(line));
  }

  it('adds up', () => {
    expect(plus({ ...nothing, passed: 1 }, { passed: 1, failed: 2, skipped: 3 })).to.deep.equal({
      passed: 2,
      failed: 2,
      skipped: 3,
    });
  });
});

describe('skipLines', () => {
  it('has a line for each reason', () => {
    const reasons = { 'needs a moon': 2, 'needs a sun': 1 };
    expect(skipLines({ ...nothing, skipped: 3, reasons })).to.deep.equal([
      'skipped 2: needs a moon',
      'skipped 1: needs a sun',
    ]);
  });
});
