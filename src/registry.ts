import type { RunnableCommand } from './subcommands/command.ts';

/** One command as help, plugin.yaml and the command line know it; its code is loaded on use only. */
export interface RegistryEntry {
  /** As typed after `kubectl ir`. */
  readonly words: readonly string[];
  readonly group: 'Contain' | 'Collect' | 'Preserve' | 'Set up';
  /** One line without a full stop. */
  readonly summary: string;
  /** What follows the words in the usage line. */
  readonly usage: string;
  /** Paragraphs, each wrapped by hand to fit 100 columns. */
  readonly about: readonly string[];
  /** Comment and command line, without `kubectl ir`. */
  readonly examples: readonly (readonly [comment: string, line: string])[];
  /** Only where they differ from those of all other commands. */
  readonly exitCodes?: string;
  load(): Promise<{ readonly command: RunnableCommand }>;
}

/** Every command, in the order of help. */
export const registry: readonly RegistryEntry[] = [
  {
    words: ['version'],
    group: 'Set up',
    summary: 'Print the version of this program',
    usage: '[flags]',
    about: [],
    examples: [['As JSON', 'version -o json']],
    load: () => import('./subcommands/version.ts'),
  },
];

/** What the first words of a command line name. */
export type Found =
  | { readonly kind: 'command'; readonly entry: RegistryEntry }
  | { readonly kind: 'group'; readonly word: string; readonly entries: readonly RegistryEntry[] }
  | { readonly kind: 'unknown'; readonly candidates: readonly string[] };

/** Looks up one or two words; a first word with commands below it and no known second word is a group. */
export function findCommand(
  entries: readonly RegistryEntry[],
  first: string,
  second: string | undefined,
): Found {
  const under = entries.filter((entry) => entry.words[0] === first);
  const entry = under.find(({ words }) => words.length === 1 || words[1] === second);
  if (entry !== undefined) return { kind: 'command', entry };
  if (under.length > 0) return { kind: 'group', word: first, entries: under };
  return { kind: 'unknown', candidates: [...new Set(entries.flatMap(({ words }) => words.slice(0, 1)))] };
}
