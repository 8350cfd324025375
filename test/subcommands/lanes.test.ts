import { expect } from 'chai';
import { inLanes } from '../../src/subcommands/lanes.ts';
import { failureOf } from '../support/failure.ts';

describe('inLanes', () => {
  it('keeps to its lanes and to the order of the items', async () => {
    let running = 0;
    let most = 0;
    const results = await inLanes([5, 1, 4, 2, 3], 2, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, item));
      running -= 1;
      return item * 10;
    });
    expect(results).to.deep.equal([50, 10, 40, 20, 30]);
    expect(most).to.equal(2);
  });

  it('begins nothing more after a failure, and throws it when the others have ended', async () => {
    const begun: number[] = [];
    const failure = await failureOf(
      inLanes([1, 2, 3, 4], 2, async (item) => {
        begun.push(item);
        await Promise.resolve();
        if (item === 1) throw new Error('first');
      }),
    );
    expect(failure.message).to.equal('first');
    expect(begun).to.include.members([1, 2]).and.not.include(4);
  });
});
