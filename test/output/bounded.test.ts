import { expect } from 'chai';
import { bounded } from '../../src/output/bounded.ts';
import { failureOf } from '../support/failure.ts';

describe('bounded', () => {
  const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('does no more at once than it may, and keeps the order', async () => {
    let now = 0;
    let most = 0;
    const results = await bounded([5, 4, 3, 2, 1], 2, async (turns) => {
      now += 1;
      most = Math.max(most, now);
      for (let turn = 0; turn < turns; turn += 1) await later();
      now -= 1;
      return turns * 10;
    });
    expect(results).to.deep.equal([50, 40, 30, 20, 10]);
    expect(most).to.equal(2);
    expect(await bounded([], 3, later)).to.deep.equal([]);
  });

  it('begins nothing more after an error, and throws it when the rest is over', async () => {
    const done: number[] = [];
    const error = await failureOf(
      bounded([1, 2, 3, 4], 2, async (one) => {
        if (one === 1) throw new Error('first');
        await later();
        done.push(one);
      }),
    );
    expect(error).to.have.property('message', 'first');
    expect(done).to.deep.equal([2]);
  });
});
