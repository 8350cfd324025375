import { OperationError } from './errors.ts';

/**
 * A signal that is aborted after `ms` milliseconds, independently of the user, with an OperationError that says `what` was not
 * achieved (AbortSignal.timeout would abort with an error that counts as a bug here). Does not keep the process alive.
 */
export function within(ms: number, what = 'not done'): AbortSignal {
  const over = new AbortController();
  setTimeout(() => over.abort(new OperationError(`${what} within ${ms / 1000} s`)), ms).unref();
  return over.signal;
}
