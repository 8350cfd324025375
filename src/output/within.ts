import { OperationError } from './errors.ts';

/**
 * A signal that is aborted after `ms` milliseconds, whatever the user does meanwhile, with an OperationError that says `what` did
 * not come about: the end of AbortSignal.timeout is no error of ours. It keeps no process alive.
 */
export function within(ms: number, what = 'not done'): AbortSignal {
  const over = new AbortController();
  setTimeout(() => over.abort(new OperationError(`${what} within ${ms / 1000} s`)), ms).unref();
  return over.signal;
}
