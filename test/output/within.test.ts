import { expect } from 'chai';
import { OperationError } from '../../src/output/errors.ts';
import { sleepFor } from '../../src/output/io.ts';
import { within } from '../../src/output/within.ts';
import { failureOf } from '../support/failure.ts';

describe('within', () => {
  it('ends a wait with an error of ours that says what did not come about', async () => {
    const failure = await failureOf(sleepFor(10_000, within(20, 'the pod is not removed')));
    expect(failure).to.be.instanceOf(OperationError);
    expect(failure.message).to.equal('the pod is not removed within 0.02 s');
  });
});
