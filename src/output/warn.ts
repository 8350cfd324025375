import { OperationError } from './errors.ts';
import { type Io, writeLine } from './io.ts';

/** Prints an expected failure that does not end the command: its message as a warning, then its advice. Throws any other error. */
export async function warn(io: Io, error: unknown): Promise<void> {
  if (!(error instanceof OperationError)) throw error;
  await writeLine(io.stderr, `warning: ${error.message}`);
  if (error.advice !== undefined) await writeLine(io.stderr, error.advice);
}
