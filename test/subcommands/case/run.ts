import type { RunnableCommand } from '../../../src/subcommands/command.ts';
import { type MemoryIo, memoryIo } from '../../support/memory-io.ts';

/** Runs a command with its words and flags in an Io of its own; lists that were not given are empty. */
export async function runCommand(
  command: RunnableCommand,
  words: readonly string[],
  flags: Readonly<Record<string, unknown>> = {},
  io: MemoryIo = memoryIo(),
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const lists = Object.entries(command.flags).filter(([, flag]) => flag.repeated === true);
  const given = { ...Object.fromEntries(lists.map(([name]) => [name, []])), ...flags };
  const signal = new AbortController().signal;
  const code = await command.start(words, given, { io, global: {}, signal });
  return { code, out: io.out(), err: io.err() };
}
