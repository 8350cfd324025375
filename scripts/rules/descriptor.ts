import { dump } from 'js-yaml';
import type { RegistryEntry } from '../../src/registry/entry.ts';
import type { Flags } from '../../src/subcommands/command.ts';
import type { Finding } from './finding.ts';

/** One command with its flags loaded. */
export interface LoadedCommand {
  readonly entry: RegistryEntry;
  readonly flags: Flags;
}

interface Node {
  name: string;
  shortDesc: string;
  longDesc?: string;
  example?: string;
  command: string;
  flags?: object[];
  tree?: Node[];
}

/**
 * plugin.yaml as the registry has it, in the schema of kubectl's plugin descriptors (kubectl 1.8 to 1.11):
 * name, shortDesc, longDesc, example, command, flags, tree.
 */
export function renderDescriptor(
  commands: readonly LoadedCommand[],
  globalFlags: Flags,
  summary: string,
): string {
  const descriptor: Node = {
    name: 'ir',
    shortDesc: summary,
    command: './kubectl-ir',
    flags: flagNodes(globalFlags),
    tree: [],
  };
  for (const { entry, flags } of commands) {
    const [last = '', ...before] = [...entry.words].reverse();
    const parent = before.reduceRight<Node>((node, word) => childOf(node, word), descriptor);
    parent.tree = [
      ...(parent.tree ?? []),
      {
        name: last,
        shortDesc: entry.summary,
        ...(entry.about.length === 0 ? {} : { longDesc: entry.about.join('\n\n') }),
        example: entry.examples.map(([comment, line]) => `# ${comment}\nkubectl ir ${line}`).join('\n'),
        command: ['./kubectl-ir', ...entry.words].join(' '),
        flags: flagNodes(flags),
      },
    ];
  }
  return `# Written by scripts/house-rules.ts --write from src/registry.ts; a check holds the two equal.\n${dump(descriptor, { lineWidth: 110, noRefs: true })}`;
}

/** The first line where plugin.yaml differs from what the registry says. */
export function descriptorFindings(found: string, expected: string): Finding[] {
  if (found === expected) return [];
  const lines = found.split('\n');
  const wanted = expected.split('\n');
  const at = wanted.findIndex((line, i) => line !== lines[i]);
  const index = at === -1 ? wanted.length : at;
  const text =
    `is "${lines[index]?.trim() ?? ''}", the registry says "${wanted[index]?.trim() ?? ''}";` +
    ' mend with: node_modules/.bin/node scripts/house-rules.ts --write';
  return [{ path: 'plugin.yaml', line: index + 1, rule: 'descriptor', text }];
}

function childOf(parent: Node, word: string): Node {
  const existing = parent.tree?.find(({ name }) => name === word);
  if (existing !== undefined) return existing;
  const created: Node = {
    name: word,
    shortDesc: `Commands of ${word}`,
    command: `./kubectl-ir ${word}`,
    tree: [],
  };
  parent.tree = [...(parent.tree ?? []), created];
  return created;
}

function flagNodes(flags: Flags): object[] {
  return Object.entries(flags).map(([name, flag]) => ({
    name,
    ...(flag.short === undefined ? {} : { shorthand: flag.short }),
    desc: flag.summary,
    ...(flag.default === undefined ? {} : { defValue: String(flag.default) }),
  }));
}
