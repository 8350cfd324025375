import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { unlessAborted } from '../../src/cluster/unless-aborted.ts';
import { InterruptedError, OperationError } from '../../src/output/errors.ts';
import { failureOf } from '../support/failure.ts';

describe('unlessAborted', () => {
  it('is the work, and leaves the signal alone when that is over', async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(Promise.resolve(1), undefined)).to.equal(1);
    expect(await unlessAborted(Promise.resolve(2), signal)).to.equal(2);
    const failure = await failureOf(unlessAborted(Promise.reject(new OperationError('no')), signal));
    expect(failure.message).to.equal('no');
    expect(getEventListeners(signal, 'abort')).to.have.length(0);
  });

  it('ends with the signal, for whoever has it, and a failure of the work after that is nobody’s', async () => {
    const controller = new AbortController();
    let fail: (error: Error) => void = () => undefined;
    const work = new Promise<never>((_, reject) => (fail = reject));
    const mine = failureOf(unlessAborted(work, controller.signal));
    controller.abort(new InterruptedError('stopped by SIGINT'));
    expect((await mine).message).to.equal('stopped by SIGINT');
    fail(new OperationError('late'));
  });
});
