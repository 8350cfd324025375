import { createInterface } from 'node:readline/promises';
import { writeChunk } from '../../output/io.ts';
import type { CommandContext } from '../command.ts';

/**
 * Asks one question after the other on the terminal. Answers are without blanks around them; what is left empty, and what
 * comes after the end of input, is missing.
 */
export async function askAll<T extends string>(
  { io, signal }: Pick<CommandContext, 'io' | 'signal'>,
  questions: Readonly<Record<T, string>>,
): Promise<Partial<Record<T, string>>> {
  const lines = createInterface({ input: io.stdin, crlfDelay: Infinity });
  const close = (): void => lines.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    const answers: Partial<Record<T, string>> = {};
    const typed = lines[Symbol.asyncIterator]();
    for (const name of Object.keys(questions) as T[]) {
      await writeChunk(io.stderr, `${questions[name]} `);
      const next = await typed.next();
      signal.throwIfAborted();
      if (next.done === true) break;
      const answer = next.value.trim();
      if (answer !== '') answers[name] = answer;
    }
    return answers;
  } finally {
    signal.removeEventListener('abort', close);
    lines.close();
  }
}
