import type { RegistryEntry } from './registry/entry.ts';
import type { Flag, Flags } from './subcommands/command.ts';

const summary = 'Incident response for Kubernetes: contain a pod, prove it, and keep the evidence.';
const exitCodes = '0 done, 1 failed, 2 usage, 3 partial, 4 a verification failed, 130 interrupted';

/** Titles of flag groups, in the order of help. */
const flagGroups = ['Flags', 'Collector pod'] as const;

/** `kubectl ir --help`, which fits on one screen. */
export function rootHelp(entries: readonly RegistryEntry[]): string {
  const titles = [...new Set(entries.map((entry) => entry.group))];
  return [
    summary,
    '',
    'Usage: kubectl ir COMMAND [flags]',
    '',
    ...titles.map((title) => {
      const names = commandNames(entries.filter((entry) => entry.group === title));
      return title.padEnd(13) + names.join(', ');
    }),
    '',
    'First time:     kubectl ir preflight',
    'In an incident: kubectl ir respond pod/NAME -n NAMESPACE',
    '',
    "Use 'kubectl ir COMMAND --help' for more about a command.",
  ].join('\n');
}

/** Help of a first word that has commands below it, such as `snapshot`. */
export function groupHelp(word: string, entries: readonly RegistryEntry[]): string {
  const width = Math.max(...entries.map((entry) => entry.words.join(' ').length));
  return [
    `Usage: kubectl ir ${word} COMMAND [flags]`,
    '',
    'Commands:',
    ...entries.map((entry) => `  ${entry.words.join(' ').padEnd(width)}   ${entry.summary}`),
    '',
    `Use 'kubectl ir ${word} COMMAND --help' for more about a command.`,
  ].join('\n');
}

/** Help of one command: what it does, usage, examples, its flags by group, exit codes. */
export function commandHelp(entry: RegistryEntry, flags: Flags): string {
  const names = Object.keys(flags);
  const width = Math.max(0, ...names.map((name) => flagForm(name, flags[name]).length));
  const groups = flagGroups.flatMap((title) => {
    const lines = names
      .filter((name) => groupOf(name) === title)
      .map((name) => flagLine(name, flags[name], width));
    return lines.length === 0 ? [] : [`${title}:`, ...lines, ''];
  });
  return [
    `${entry.summary}.`,
    '',
    ...entry.about.flatMap((paragraph) => [paragraph, '']),
    `Usage: kubectl ir ${[...entry.words, entry.usage].join(' ')}`,
    '',
    'Examples:',
    ...entry.examples.flatMap(([comment, line]) => [`  # ${comment}`, `  kubectl ir ${line}`]),
    '',
    ...groups,
    `Exit codes: ${entry.exitCodes ?? exitCodes}`,
    'Global flags are those of kubectl: -n, --context, --kubeconfig, --as and so on (kubectl options).',
  ].join('\n');
}

function groupOf(name: string): (typeof flagGroups)[number] {
  return name.startsWith('collector-') ? 'Collector pod' : 'Flags';
}

/** Names as they are listed: commands with the same first word share it, as in `snapshot node|pod`. */
function commandNames(entries: readonly RegistryEntry[]): string[] {
  const byFirst = new Map<string, string[]>();
  for (const { words } of entries) {
    const [first = '', ...rest] = words;
    byFirst.set(first, [...(byFirst.get(first) ?? []), ...rest]);
  }
  return [...byFirst].map(([first, rest]) => (rest.length === 0 ? first : `${first} ${rest.join('|')}`));
}

function flagForm(name: string, flag: Flag | undefined): string {
  const short = flag?.short === undefined ? '    ' : `-${flag.short}, `;
  if (flag?.type === 'boolean') return `  ${short}--${name}`;
  return `  ${short}--${name} ${flag?.placeholder ?? flag?.choices?.join('|') ?? flag?.type ?? ''}`;
}

function flagLine(name: string, flag: Flag | undefined, width: number): string {
  const notes = [
    ...(flag?.default === undefined || flag.default === false ? [] : [`default ${String(flag.default)}`]),
    ...(flag?.repeated === true ? ['may be repeated'] : []),
  ];
  const note = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  return `${flagForm(name, flag).padEnd(width)}   ${flag?.summary ?? ''}${note}`;
}
