import type { RegistryEntry } from './entry.ts';

/** Commands that bring evidence from the cluster into a case, in the order of help. */
export const collectCommands: readonly RegistryEntry[] = [
  {
    words: ['respond'],
    group: 'Collect',
    summary: 'Do the whole job on one pod: collect, contain, prove, compare, seal',
    usage: 'POD [flags]',
    about: [
      'Takes volatile evidence first (5 s at most), then isolates the pod and proves it, compares its file system with\n' +
        'its image, keeps what the API has about it, collects from its node, and seals all of it in a case.',
      'Where no collector can run on its node, it isolates and collects through the API alone: UNVERIFIED, exit code 3.',
    ],
    examples: [
      ['Respond without being asked', 'respond pod/web-0 -n prod --yes'],
      ['See what would be done', 'respond pod/web-0 -n prod --dry-run=client'],
    ],
    load: () => import('../subcommands/respond.ts'),
  },
  {
    words: ['snapshot', 'node'],
    group: 'Collect',
    summary: 'Collect evidence of a node, the most volatile first',
    usage: 'NODE... [flags]',
    about: [
      'Reads processes, sockets, kernel facts, sessions, containers, configuration and logs through a short-lived collector\n' +
        'pod. Nothing is written on the node, and none of its programs is run. What could not be read is listed as a gap, with\n' +
        'the reason. Where no privileged pod may run, API server and kubelet are asked instead.',
      'A snapshot that was interrupted continues where it stopped when it is given the same case again.',
      'Parts: envelope, sockets, processes, executables, programs, kernel, sessions, runtime, cluster, filesystem, config,\n' +
        'logs, packages. Triage leaves out filesystem and packages, and takes the newest of the logs.',
    ],
    examples: [
      ['Into a new case', 'snapshot node node-a'],
      ['Everything, into an existing case', 'snapshot node node-a --profile full --case ./case'],
      [
        'Logs of two nodes since a time',
        'snapshot node --nodes a,b --profile logs --since 2026-11-25T04:15:00Z',
      ],
    ],
    load: () => import('../subcommands/snapshot/node.ts'),
  },
  {
    words: ['snapshot', 'pod'],
    group: 'Collect',
    summary: 'Collect evidence of a pod, from its node',
    usage: 'POD [flags]',
    about: [
      'Reads its processes, sockets, cgroups, mounts, container specifications and the logs of all instances that the node\n' +
        'still has, its objects in the API with owners, rights and policies, and what its containers changed. Nothing is run\n' +
        'in the pod. With --memory also what its processes have in memory, while they run.',
    ],
    examples: [
      ['Into a new case', 'snapshot pod web-0 -n prod'],
      ['With the memory of one process', 'snapshot pod web-0 -n prod --memory 4242 --max-size 2Gi'],
    ],
    load: () => import('../subcommands/snapshot/pod.ts'),
  },
  {
    words: ['stats'],
    group: 'Collect',
    summary: 'Show what containers use: processors, memory, network, disk, processes',
    usage: '[pod/NAME|node/NAME] [flags]',
    about: [
      'Of the pods of the namespace, of one pod, or of all pods of a node, with the load of the node beside them. Figures\n' +
        'come from the metrics server where there is one (processors and working set), else from the cgroups by a collector,\n' +
        'which has all of them. With --case, what they are read from is kept.',
      '--from kubelet needs the right to nodes/proxy, which also lets its holder run commands in every pod of the node.',
    ],
    examples: [
      ['One pod, every two seconds', 'stats pod/web-0 -n prod --watch'],
      ['All pods of a node', 'stats node/node-a --from cgroup'],
    ],
    load: () => import('../subcommands/stats.ts'),
  },
  {
    words: ['diff', 'pod'],
    group: 'Collect',
    summary: 'Compare the file system of a pod with its image',
    usage: 'POD [flags]',
    about: [
      'Finds what was added, changed or deleted since the containers started. Compares content, so a file whose size and\n' +
        'time were put back is found too. Where it cannot see, it says blind, never clean.',
    ],
    examples: [['All containers of a pod', 'diff pod web-0 -n prod']],
    exitCodes: '0 no change, 1 changes, 2 usage, 3 blind, cut or failed, 130 interrupted',
    load: () => import('../subcommands/diff/pod.ts'),
  },
];
