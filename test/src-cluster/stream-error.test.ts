import { expect } from 'chai';
import { StreamError } from '../../src/cluster/stream-error.ts';
import { OperationError, exitCodeOf } from '../../src/output/errors.ts';

describe('StreamError', () => {
  it('is an expected failure that knows how far the stream came', () => {
    const error = new StreamError('broke', { bytes: 7, cause: new Error('reset') });
    expect(error).to.be.instanceOf(OperationError).with.property('name', 'StreamError');
    expect([error.bytes, exitCodeOf(error), (error.cause as Error).message]).to.deep.equal([7, 1, 'reset']);
  });
});
