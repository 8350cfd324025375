import { expect } from 'chai';
import { TimeLimit } from '../../src/evidence/time-limit.ts';
import { sleepFor } from '../../src/output/io.ts';
import { memoryIo } from '../support/memory-io.ts';

const io = memoryIo({ sleep: sleepFor });

describe('TimeLimit', () => {
  it('aborts when the time is over and says so', async () => {
    const limit = new TimeLimit(io, 5, new AbortController().signal);
    expect(limit.reason).to.equal(undefined);
    await sleepFor(30);
    expect(limit.signal.aborted).to.equal(true);
    expect(limit.reason).to.equal('not finished within 0.005 s');
    limit.throwIfInterrupted();
  });

  it('tells an interrupt of the caller from it', () => {
    const caller = new AbortController();
    const limit = new TimeLimit(io, 60_000, caller.signal);
    caller.abort(new Error('interrupted'));
    expect(limit.signal.aborted).to.equal(true);
    expect(limit.reason).to.equal(undefined);
    expect(() => limit.throwIfInterrupted()).to.throw('interrupted');
    limit.clear();
  });

  it('does nothing without a limit', () => {
    const limit = new TimeLimit(io, undefined, new AbortController().signal);
    limit.clear();
    expect(limit.signal.aborted).to.equal(false);
  });
});
