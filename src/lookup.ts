import { parseLine } from './parse.ts';
import { findCommand, type Found } from './registry.ts';
import type { RegistryEntry } from './registry/entry.ts';
import { globalFlags } from './subcommands/global-flags.ts';

/** What the first words of a command line ask for; `after` is what follows `help`. */
export type Asked =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'help'; readonly after: readonly string[] }
  | {
      readonly kind: 'words';
      readonly first: string;
      readonly second: string | undefined;
      readonly found: Found;
    };

/**
 * Looks up the command of a line. Its own flags are not known yet, so only global flags may come before its first word and
 * between its words, as in `snapshot -n x node`. Throws UsageError for another flag before the first word.
 */
export async function lookUp(argv: readonly string[], entries: readonly RegistryEntry[]): Promise<Asked> {
  const start = await parseLine(argv, globalFlags, { untilWord: true });
  const [first, ...afterFirst] = start.words;
  if (first === undefined) return { kind: 'nothing' };
  if (first === 'help') return { kind: 'help', after: afterFirst };
  const next = await parseLine(afterFirst, globalFlags, { untilWord: true }).catch(() => undefined);
  const second = next?.words[0];
  return { kind: 'words', first, second, found: findCommand(entries, first, second) };
}
