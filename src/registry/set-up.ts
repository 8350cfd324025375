import type { RegistryEntry } from './entry.ts';

/** Commands that prepare for an incident and clean up after one, in the order of help. */
export const setUpCommands: readonly RegistryEntry[] = [
  {
    words: ['preflight'],
    group: 'Set up',
    summary: 'Check that everything an incident needs is there, before the incident',
    usage: '[flags]',
    about: [
      'Checks rights, the namespace of the collector pod and its pod security, quota, the nodes, and with --pull whether\n' +
        'the nodes can pull the collector image. Creates nothing, except short-lived pods with --pull.',
    ],
    examples: [
      ['Everything', 'preflight'],
      ['Pull the collector image on every node, before any incident', 'preflight --pull'],
      [
        'RBAC objects for one command, for an administrator to apply',
        'preflight --command isolate --print-rbac',
      ],
    ],
    load: () => import('../subcommands/preflight.ts'),
  },
  {
    words: ['cleanup'],
    group: 'Set up',
    summary: 'Remove collector pods that nobody uses any more',
    usage: '[flags]',
    about: [
      'Deletes collector pods that have ended or are past their time, as a command that was killed may leave them. Collectors\n' +
        'in use and isolations are left alone; the namespace is deleted only when that is asked for and it is empty.',
    ],
    examples: [
      ['Dead collectors', 'cleanup'],
      ['The namespace too, after the last incident', 'cleanup --delete-namespace'],
    ],
    load: () => import('../subcommands/cleanup.ts'),
  },
  {
    words: ['completion'],
    group: 'Set up',
    summary: 'Print the program by which kubectl completes kubectl ir',
    usage: '[flags]',
    about: [
      'kubectl 1.26 and later run kubectl_complete-ir from PATH when Tab is pressed, in every shell that completes kubectl\n' +
        'itself (kubectl completion --help). Names of pods, nodes and namespaces come from the cluster, within 2 s at most.',
    ],
    examples: [
      [
        'For this user, where ~/.local/bin is on PATH',
        'completion >~/.local/bin/kubectl_complete-ir && chmod +x ~/.local/bin/kubectl_complete-ir',
      ],
    ],
    load: () => import('../subcommands/completion.ts'),
  },
  {
    words: ['version'],
    group: 'Set up',
    summary: 'Print the version of this program',
    usage: '[flags]',
    about: [],
    examples: [['As JSON', 'version -o json']],
    load: () => import('../subcommands/version.ts'),
  },
];
