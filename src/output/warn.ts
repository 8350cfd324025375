import { OperationError } from './errors.ts';
import type { Progress } from './progress.ts';

/**
 * Tells of an expected failure that does not end the command: what failed, then what to do about it. Nothing of undefined. Throws any
 * other error.
 */
export async function warnOf(failure: unknown, progress: Progress): Promise<void> {
  if (failure === undefined) return;
  if (!(failure instanceof OperationError)) throw failure as Error;
  await progress.warn(failure.message);
  for (const line of failure.advice?.split('\n') ?? []) await progress.warn(line);
}
