import { expect } from 'chai';
import { commandHelp, groupHelp, rootHelp } from '../src/help.ts';
import type { RegistryEntry } from '../src/registry/entry.ts';

function entry(
  words: string[],
  group: RegistryEntry['group'],
  more: Partial<RegistryEntry> = {},
): RegistryEntry {
  return {
    words,
    group,
    summary: `Do ${words.join(' ')}`,
    usage: 'POD [flags]',
    about: [],
    examples: [['First', `${words.join(' ')} web`]],
    load: () => Promise.reject(new Error('not loaded for help')),
    ...more,
  };
}

const entries = [
  entry(['isolate'], 'Contain'),
  entry(['snapshot', 'node'], 'Collect'),
  entry(['snapshot', 'pod'], 'Collect'),
  entry(['diff', 'pod'], 'Collect', { exitCodes: '0 no change, 1 changes' }),
];

describe('rootHelp', () => {
  it('lists what exists by group, commands of one first word together', () => {
    const lines = rootHelp(entries).split('\n');
    expect(lines).to.include('Contain      isolate');
    expect(lines).to.include('Collect      snapshot node|pod, diff pod');
    expect(lines.length).to.be.lessThan(24);
  });
});

describe('groupHelp', () => {
  it('lists the commands below a word', () => {
    expect(groupHelp('snapshot', entries.slice(1, 3))).to.equal(
      [
        'Usage: kubectl ir snapshot COMMAND [flags]',
        '',
        'Commands:',
        '  snapshot node   Do snapshot node',
        '  snapshot pod    Do snapshot pod',
        '',
        "Use 'kubectl ir snapshot COMMAND --help' for more about a command.",
      ].join('\n'),
    );
  });
});

describe('commandHelp', () => {
  const flags = {
    output: { type: 'string', short: 'o', summary: 'format', choices: ['json', 'yaml'] },
    node: { type: 'string', summary: 'node', repeated: true, placeholder: 'NAME' },
    command: { type: 'string', summary: 'one of many', choices: ['a', 'b'], placeholder: 'COMMAND' },
    yes: { type: 'boolean', short: 'y', summary: 'do not ask' },
    'collector-namespace': { type: 'string', summary: 'namespace', default: 'kubectl-ir' },
  } as const;

  it('shows what it does, usage, examples and flags by group', () => {
    const text = commandHelp(entry(['isolate'], 'Contain', { about: ['One.', 'Two.'] }), flags);
    expect(text).to.equal(
      [
        'Do isolate.',
        '',
        'One.',
        '',
        'Two.',
        '',
        'Usage: kubectl ir isolate POD [flags]',
        '',
        'Examples:',
        '  # First',
        '  kubectl ir isolate web',
        '',
        'Flags:',
        '  -o, --output json|yaml             format',
        '      --node NAME                    node (may be repeated)',
        '      --command COMMAND              one of many',
        '  -y, --yes                          do not ask',
        '',
        'Collector pod:',
        '      --collector-namespace string   namespace (default kubectl-ir)',
        '',
        'Exit codes: 0 done, 1 failed, 2 usage, 3 partial, 4 a verification failed, 130 interrupted',
        'Global flags are those of kubectl: -n, --context, --kubeconfig, --as and so on (kubectl options).',
      ].join('\n'),
    );
  });

  it("shows a command's own exit codes", () => {
    expect(commandHelp(entry(['diff', 'pod'], 'Collect', { exitCodes: '0 same' }), {})).to.include(
      'Exit codes: 0 same',
    );
  });
});
