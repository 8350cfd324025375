import { main } from '../../src/cli.ts';
import type { Signals } from '../../src/output/signals.ts';
import { memoryIo, type MemoryIo } from '../support/memory-io.ts';

/** A process around the program that nothing ever reaches. */
const signals: Signals = {
  onInterrupt: () => () => undefined,
  onCrash: () => () => undefined,
  exitNow: () => undefined,
};

/** Runs a whole command line as the program does, in an Io of its own. */
export async function runLine(
  words: readonly string[],
  io: MemoryIo = memoryIo(),
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const code = await main(words, io, signals);
  return { code, out: io.out(), err: io.err() };
}
