import { expect } from 'chai';
import {
  ApiError,
  InterruptedError,
  OperationError,
  PartialError,
  UsageError,
  VerificationError,
  exitCodeOf,
} from '../../src/output/errors.ts';

describe('exitCodeOf', () => {
  const cases: [unknown, number][] = [
    [new UsageError('x'), 2],
    [new OperationError('x'), 1],
    [new ApiError('x', { status: 403, reason: 'Forbidden' }), 1],
    [new PartialError('x'), 3],
    [new VerificationError('x'), 4],
    [new InterruptedError('x'), 130],
    [new Error('a bug'), 1],
    ['not even an error', 1],
  ];
  for (const [error, code] of cases) {
    it(`is ${code} for ${error instanceof Error ? error.name : typeof error}`, () =>
      expect(exitCodeOf(error)).to.equal(code));
  }
});
