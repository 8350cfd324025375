import { type Candidate, candidatesFor } from './candidates.ts';
import { objectNames } from './cluster/object-names.ts';
import { exitCode, UsageError } from './output/errors.ts';
import { type Io, writeLine } from './output/io.ts';
import type { RegistryEntry } from './registry/entry.ts';

/** cobra's ShellCompDirectiveDefault, by which shells complete files when there is nothing else, and -NoFileComp. */
const directives = { files: 0, noFiles: 4 } as const;

/**
 * `kubectl ir __complete WORD...`, which the script of `kubectl ir completion` runs: prints what may stand in place of the last
 * word, one on a line with a tab and what it is, and last a line `:N` with a directive of cobra, as kubectl 1.26 and later want
 * it of a plugin (kubectl, pkg/cmd/plugin/plugin_completion.go; cobra, completions.go).
 */
export async function complete(
  words: readonly string[],
  io: Io,
  signal: AbortSignal,
  entries: readonly RegistryEntry[],
): Promise<number> {
  const { words: found, names, files, global } = await candidatesFor(words, entries).catch(nothing);
  const read = await objectNames(io, global, names, { signal });
  const named = names.flatMap(({ lead }, i) => (read[i] ?? []).map((name) => ({ word: `${lead}${name}` })));
  const lines = [...found, ...named].map(lineOf);
  await writeLine(io.stdout, [...lines, `:${files ? directives.files : directives.noFiles}`].join('\n'));
  return exitCode.done;
}

/** A line that is none of ours has nothing to complete; its fault is told when it is run. */
function nothing(error: unknown): Awaited<ReturnType<typeof candidatesFor>> {
  if (error instanceof UsageError) return { words: [], names: [], files: false, global: {} };
  throw error;
}

function lineOf({ word, about }: Candidate): string {
  return about === undefined ? word : `${word}\t${about}`;
}
