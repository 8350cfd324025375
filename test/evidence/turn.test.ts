import { expect } from 'chai';
import { Turn } from '../../src/evidence/turn.ts';
import { failureOf } from '../support/failure.ts';

describe('Turn', () => {
  it('lets one after the other work, also after one that failed', async () => {
    const turn = new Turn();
    const seen: string[] = [];
    const done = await turn.take();
    const failing = failureOf(turn.run(() => Promise.reject(new Error('no'))));
    const last = turn.run(() => Promise.resolve(seen.push('last')));
    seen.push('first');
    done();
    expect((await failing).message).to.equal('no');
    await last;
    expect(seen).to.deep.equal(['first', 'last']);
  });
});
