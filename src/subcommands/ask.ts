import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { InterruptedError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';

/**
 * Asks on the terminal for one line, without spaces around it; undefined when the input has ended. Rejects with the reason of
 * `signal` when that is aborted, and with InterruptedError for an interrupt that the line editor of the terminal took.
 */
export async function ask(io: Io, question: string, signal: AbortSignal): Promise<string | undefined> {
  signal.throwIfAborted();
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const ended = once(lines, 'close').then(() => undefined);
    return (await Promise.race([lines.question(question, { signal }), ended]))?.trim();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && error.name === 'AbortError')
      throw new InterruptedError('stopped by the user');
    throw error;
  } finally {
    lines.close();
  }
}
