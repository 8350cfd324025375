import { collectCommands } from './registry/collect.ts';
import { containCommands } from './registry/contain.ts';
import type { RegistryEntry } from './registry/entry.ts';
import { organiseCommands } from './registry/organise.ts';
import { preserveCommands } from './registry/preserve.ts';
import { setUpCommands } from './registry/set-up.ts';
import { understandCommands } from './registry/understand.ts';

/** Every command, in the order of help. */
export const registry: readonly RegistryEntry[] = [
  ...containCommands,
  ...collectCommands,
  ...understandCommands,
  ...preserveCommands,
  ...organiseCommands,
  ...setUpCommands,
];

/** What the first words of a command line stand for. */
export type Found =
  | { readonly kind: 'command'; readonly entry: RegistryEntry }
  | { readonly kind: 'group'; readonly word: string; readonly entries: readonly RegistryEntry[] }
  | { readonly kind: 'unknown'; readonly candidates: readonly string[] };

/** Looks up one or two words. A first word that has commands below it, without a known second word, is a group. */
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
