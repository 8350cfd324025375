import { OperationError } from './errors.ts';
import { type Io, writeLine } from './io.ts';

/**
 * Prints an expected failure that does not end the command: its message as a warning, then its advice. That nobody reads stderr any
 * more ends nothing either. Throws any other error.
 */
export async function warn(io: Io, error: unknown): Promise<void> {
  if (!(error instanceof OperationError)) throw error;
  const { message, advice } = error;
  const text = advice === undefined ? '' : `\n${advice}`;
  await writeLine(io.stderr, `warning: ${message}${text}`).catch(() => undefined);
}
