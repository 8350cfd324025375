import { expect } from 'chai';
import { policyAnswer } from '../../../src/containment/acts/policy-answer.ts';
import { ApiError } from '../../../src/output/errors.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';

describe('policyAnswer', () => {
  const { signal } = new AbortController();
  const refusedBy = (policy: string): ApiError =>
    new ApiError(`pods "x" is forbidden: ValidatingAdmissionPolicy '${policy}' denied request`, {
      status: 403,
    });
  /** Answers one try after the other, the last one for ever; undefined allows it. */
  const answers = (
    ...all: readonly (Error | undefined)[]
  ): { tries: number; attempt: () => Promise<void> } => {
    const state = {
      tries: 0,
      attempt: () => {
        const error = all[Math.min(state.tries, all.length - 1)];
        state.tries += 1;
        return error === undefined ? Promise.resolve() : Promise.reject(error);
      },
    };
    return state;
  };
  const isOver = (answer: string): boolean => answer !== 'allowed';

  it('tries until the policy refuses', async () => {
    const server = answers(undefined, undefined, refusedBy('ir-1'));
    expect(await policyAnswer('ir-1', server.attempt, isOver, { io: memoryIo(), signal })).to.equal(
      'refused',
    );
    expect(server.tries).to.equal(3);
  });

  it('tells the refusal of another policy from that of ours', async () => {
    const server = answers(refusedBy('ir-2'));
    expect(await policyAnswer('ir-1', server.attempt, isOver, { io: memoryIo(), signal })).to.equal(
      refusedBy('ir-2').message,
    );
  });

  it('gives the last answer when the time is over', async () => {
    const server = answers(undefined);
    expect(await policyAnswer('ir-1', server.attempt, isOver, { io: memoryIo(), signal })).to.equal(
      'allowed',
    );
    expect(server.tries).to.be.greaterThan(1);
  });

  it('lets a bug and an interrupt through', async () => {
    const bug = policyAnswer('ir-1', answers(new TypeError('x')).attempt, isOver, { io: memoryIo(), signal });
    expect((await failureOf(bug)).message).to.equal('x');
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    const stopped = policyAnswer('ir-1', answers(refusedBy('ir-1')).attempt, isOver, {
      io: memoryIo(),
      signal: stop.signal,
    });
    expect((await failureOf(stopped)).message).to.equal('stopped');
  });
});
