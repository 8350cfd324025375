import { expect } from 'chai';
import { formatSeconds } from '../../src/output/age.ts';
import { failureOf } from './failure.ts';
import { stepSeconds } from './step-seconds.ts';

const said = (milliseconds: number): string =>
  `   done   collector   0.91s\n   done   diff   ${formatSeconds(milliseconds)}   3 changes\n`;

describe('stepSeconds', () => {
  it('reads a duration as a step tells it, below a minute, above and beyond an hour', () => {
    for (const seconds of [0, 0.04, 12.3, 60, 99, 3600, 3780])
      expect(stepSeconds(said(seconds * 1000), 'diff')).to.equal(seconds);
    expect(stepSeconds(said(1), 'collector')).to.equal(0.91);
  });

  it('is none of a step that nothing was said of', async () => {
    const failure = await failureOf(Promise.resolve().then(() => stepSeconds(said(1), 'logs')));
    expect(failure.message).to.match(/^nothing was said of the step logs/);
  });
});
