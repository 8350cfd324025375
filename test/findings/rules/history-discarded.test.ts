import { expect } from 'chai';
import { historyDiscarded } from '../../../src/findings/rules/history-discarded.ts';
import { seenBy } from '../traces-lab.ts';

describe('rule history-discarded', () => {
  it('finds a history that leads nowhere', () => {
    expect(seenBy(historyDiscarded, { '[root]/root/.bash_history': { target: '/dev/null' } })).to.deep.equal([
      'medium: it is a link to a place that keeps nothing',
    ]);
  });
  it('leaves other links alone', () => {
    expect(
      seenBy(historyDiscarded, {
        '[root]/root/.bash_history': { target: '/data/history' },
        '[root]/root/.x': { target: '/dev/null' },
      }),
    ).to.deep.equal([]);
  });
});
