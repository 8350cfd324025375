import type { NamedEntries } from './cluster/kubeconfig-names.ts';
import type { WantedNames } from './cluster/object-names.ts';
import { lookUp } from './lookup.ts';
import { parseLine } from './parse.ts';
import type { RegistryEntry } from './registry/entry.ts';
import type { Flag, Flags, GlobalFlags } from './subcommands/command.ts';
import { globalFlags } from './subcommands/global-flags.ts';
import { isLiteral, usageWords } from './usage-words.ts';

/** A word that may be completed at the cursor. */
export interface Candidate {
  readonly word: string;
  readonly about?: string;
}

/** Names in the cluster that may be completed there, each after `lead`, such as `pod/`. */
export interface NameCandidates extends WantedNames {
  readonly lead: string;
}

/** Everything that may be completed at the cursor. */
export interface Candidates {
  readonly words: readonly Candidate[];
  readonly names: readonly NameCandidates[];
  /** Kubeconfig entries whose names begin with `prefix`. */
  readonly configured?: { readonly list: NamedEntries; readonly prefix: string };
  /** Whether file names may be completed too. */
  readonly files: boolean;
  /** Global flags of the line, which say where names are read from. */
  readonly global: GlobalFlags;
}

/** Where the cursor is: in the line of a command, or before one, with the words that may come next. */
interface Place {
  readonly flags: Flags;
  readonly nextWords: readonly Candidate[];
  readonly global: GlobalFlags;
  readonly command?: {
    readonly usage: string;
    readonly choices: Readonly<Record<string, readonly string[]>>;
    readonly words: readonly string[];
  };
}

const resources: Readonly<Record<string, WantedNames['resource']>> = {
  pod: 'pods',
  node: 'nodes',
  nodes: 'nodes',
  namespace: 'namespaces',
  'collector-namespace': 'namespaces',
};
const namedEntries: Readonly<Record<string, NamedEntries>> = {
  context: 'contexts',
  cluster: 'clusters',
  user: 'users',
};
const filePlaceholders: readonly string[] = ['FILE', 'DIR', 'CASE', 'ARCHIVE', 'KEY', 'PLACE'];
const helpFlag: Flags = { help: { type: 'boolean', short: 'h', summary: 'help' } };

/**
 * Completions of the last word of `typed` (the words after `kubectl ir`, as the shell has them), according to the registry. For
 * `--flag=value` they are completions of the value alone, as shells want it. Loads only the command that the line names. Throws
 * UsageError for a line that can't become one of ours.
 */
export async function candidatesFor(
  typed: readonly string[],
  entries: readonly RegistryEntry[],
): Promise<Candidates> {
  const last = typed.at(-1) ?? '';
  const before = typed.slice(0, -1);
  const ended = before.includes('--');
  const open = ended ? undefined : before.at(-1);
  const isFlag = open !== undefined && /^-[^=]+$/.test(open);
  const place = await placeOf(isFlag ? before.slice(0, -1) : before, entries);
  const flags = { ...place.flags, ...helpFlag };
  const awaiting = isFlag ? flagCalled(open, flags) : undefined;
  const none = { words: [], names: [], files: false, global: place.global };
  if (isFlag && awaiting === undefined) return none;
  if (awaiting !== undefined && awaiting.flag.type !== 'boolean')
    return { ...none, ...valuesOf(awaiting, last) };
  const assigned = /^(-[^=]+)=(.*)$/s.exec(last);
  if (!ended && assigned !== null) {
    const named = flagCalled(assigned[1] ?? '', flags);
    return named === undefined ? none : { ...none, ...valuesOf(named, assigned[2] ?? '') };
  }
  if (!ended && last.startsWith('-')) return { ...none, words: beginning(last, flagWords(flags)) };
  return { ...none, ...wordsAt(place, last) };
}

async function placeOf(line: readonly string[], entries: readonly RegistryEntry[]): Promise<Place> {
  const asked = await lookUp(line, entries);
  if (asked.kind === 'help') return await placeOf(asked.after, entries);
  if (asked.kind === 'words' && asked.found.kind === 'command') return await placeIn(asked.found.entry, line);
  const { values } = await parseLine(line, globalFlags);
  const place = { flags: globalFlags, global: given(values), nextWords: [] };
  if (asked.kind === 'nothing') return { ...place, nextWords: nextWords(entries, 0) };
  const { found, second } = asked;
  if (found.kind !== 'group' || second !== undefined) return place;
  return { ...place, nextWords: nextWords(found.entries, 1) };
}

async function placeIn(entry: RegistryEntry, line: readonly string[]): Promise<Place> {
  const { command } = await entry.load();
  const flags = { ...command.flags, ...globalFlags };
  const { words, values } = await parseLine(line, flags);
  return {
    flags,
    nextWords: [],
    global: given(values),
    command: {
      usage: entry.usage,
      choices: command.choices ?? {},
      words: words.slice(entry.words.length),
    },
  };
}

/** Each word once, with its summary; a word that has commands below it is described by their words. */
function nextWords(entries: readonly RegistryEntry[], index: number): Candidate[] {
  const next = new Map<string, string>();
  for (const { words, summary } of entries) {
    const word = words[index] ?? '';
    const below = words.slice(index + 1).join(' ');
    const known = next.get(word);
    next.set(word, below === '' ? summary : known === undefined ? below : `${known}, ${below}`);
  }
  return [...next].map(([word, about]) => ({ word, about }));
}

function given(values: Readonly<Record<string, unknown>>): GlobalFlags {
  const pairs = Object.entries(values).filter(([name, value]) => name in globalFlags && value !== undefined);
  return Object.fromEntries(pairs);
}

interface NamedFlag {
  readonly name: string;
  readonly flag: Flag;
}

function flagCalled(word: string, flags: Flags): NamedFlag | undefined {
  const found = Object.entries(flags).find(
    ([name, { short }]) => word === `--${name}` || (short !== undefined && word === `-${short}`),
  );
  return found === undefined ? undefined : { name: found[0], flag: found[1] };
}

function flagWords(flags: Flags): Candidate[] {
  return Object.entries(flags).flatMap(([name, { short, summary }]) =>
    [`--${name}`, ...(short === undefined ? [] : [`-${short}`])].map((word) => ({ word, about: summary })),
  );
}

function valuesOf({ name, flag }: NamedFlag, typed: string): Partial<Candidates> {
  const choices = flag.choices ?? (flag.type === 'boolean' ? ['true', 'false'] : []);
  const resource = resources[name];
  const list = namedEntries[name];
  // In a comma-separated list, the name after the last comma is being typed.
  const [lead = ''] =
    flag.placeholder?.endsWith(',…') === true ? (/^(?:[a-z0-9.-]+,)*/.exec(typed) ?? []) : [];
  return {
    words: beginning(
      typed,
      choices.map((word) => ({ word })),
    ),
    names: resource === undefined ? [] : namesAfter(lead, resource, typed),
    ...(list === undefined ? {} : { configured: { list, prefix: typed } }),
    files: filePlaceholders.includes(flag.placeholder ?? ''),
  };
}

function wordsAt({ nextWords: next, command }: Place, typed: string): Partial<Candidates> {
  if (command === undefined) return { words: beginning(typed, next) };
  const places = usageWords(command.usage, command.words);
  const words = places.flatMap((place) => (isLiteral(place) ? [place] : (command.choices[place] ?? [])));
  return {
    words: beginning(
      typed,
      words.map((word) => ({ word })),
    ),
    names: places.flatMap((place) => namesAt(place, typed)),
    files: places.some((place) => filePlaceholders.includes(place)),
  };
}

function namesAt(place: string, typed: string): NameCandidates[] {
  const [type = '', name] = place.split('/');
  const resource = resources[type.toLowerCase()];
  if (resource === undefined || isLiteral(place)) return [];
  const lead = `${type.toLowerCase()}/`;
  return namesAfter(name === undefined && !typed.startsWith(lead) ? '' : lead, resource, typed);
}

/** Empty, so that the cluster is not asked, when no name can begin with what was typed. */
function namesAfter(lead: string, resource: WantedNames['resource'], typed: string): NameCandidates[] {
  const prefix = typed.startsWith(lead) ? typed.slice(lead.length) : lead.startsWith(typed) ? '' : undefined;
  const possible = prefix !== undefined && /^([a-z0-9][a-z0-9.-]{0,252})?$/.test(prefix);
  return possible ? [{ lead, resource, prefix }] : [];
}

function beginning(typed: string, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ word }) => word.startsWith(typed));
}
