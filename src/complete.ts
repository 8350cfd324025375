import { type Candidate, type Candidates, candidatesFor } from './candidates.ts';
import { exitCode, UsageError } from './output/errors.ts';
import { type Io, writeLine } from './output/io.ts';
import type { RegistryEntry } from './registry/entry.ts';
import type { GlobalFlags } from './subcommands/command.ts';

/** cobra's ShellCompDirectiveDefault, by which shells complete files when there is nothing else, and -NoFileComp. */
const directives = { files: 0, noFiles: 4 } as const;

/**
 * `kubectl ir __complete WORD...`, which the script of `kubectl ir completion` runs. Prints the completions of the last word, one per
 * line, each followed by a tab and its description if it has one, and finally a line `:N` with a directive of cobra. That is what
 * kubectl 1.26 and later expect of a plugin (kubectl, pkg/cmd/plugin/plugin_completion.go; cobra, completions.go).
 */
export async function complete(
  words: readonly string[],
  io: Io,
  signal: AbortSignal,
  entries: readonly RegistryEntry[],
): Promise<number> {
  const candidates = await candidatesFor(words, entries).catch(nothing);
  const { words: found, names, configured, files } = candidates;
  const named = names.length === 0 ? [] : await namesOf(candidates, io, signal);
  const entered = configured === undefined ? [] : await entriesOf(configured, candidates.global, io);
  const lines = [...found, ...named, ...entered].map(lineOf);
  await writeLine(io.stdout, [...lines, `:${files ? directives.files : directives.noFiles}`].join('\n'));
  return exitCode.done;
}

/** Imports the client only when names of the cluster are wanted: without it, Tab answers twice as fast. */
async function namesOf({ names, global }: Candidates, io: Io, signal: AbortSignal): Promise<Candidate[]> {
  const { objectNames } = await import('./cluster/object-names.ts');
  const read = await objectNames(io, global, names, { signal });
  return names.flatMap(({ lead }, i) => (read[i] ?? []).map((name) => ({ word: `${lead}${name}` })));
}

async function entriesOf(
  { list, prefix }: NonNullable<Candidates['configured']>,
  { kubeconfig }: GlobalFlags,
  io: Io,
): Promise<Candidate[]> {
  const { kubeconfigNames } = await import('./cluster/kubeconfig-names.ts');
  const names = await kubeconfigNames(io, kubeconfig, list);
  return names.filter((name) => name.startsWith(prefix)).map((word) => ({ word }));
}

/** A line with a mistake has no completions; the mistake is reported when it is run. */
function nothing(error: unknown): Candidates {
  if (error instanceof UsageError) return { words: [], names: [], files: false, global: {} };
  throw error;
}

function lineOf({ word, about }: Candidate): string {
  return about === undefined ? word : `${word}\t${about}`;
}
