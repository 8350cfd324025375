import type { RegistryEntry } from './entry.ts';

/** Commands that stop a pod or a node from talking, in the order of help. */
export const containCommands: readonly RegistryEntry[] = [
  {
    words: ['isolate'],
    group: 'Contain',
    summary: 'Contain pods or a node and prove that they exchange no more data',
    usage: 'POD|TYPE/NAME --all-replicas|node NODE [flags]',
    about: [
      'Looks at what is around the pod, prints a plan, asks, and acts: guards the pod against eviction and deletion, cuts its\n' +
        'network link on its node (established connections too; probes of the kubelet still pass, so nothing restarts), denies\n' +
        'its traffic by policy, and sets labels aside so that Services drop it and its owner, if it can, replaces it. Then it\n' +
        'tries the flows that worked before once more.',
      'Several pods at once, by labels, owner, image digest or account: one plan, one question, one case, and a verdict and\n' +
        'a record for each. Of a node, all pods are cut except those that must not be, which are listed; it is also cordoned.',
      'The verdict is HOLDS, LEAKS or UNVERIFIED. To undo all of it: kubectl ir release POD|CASE|node/NODE',
    ],
    examples: [
      ['See the plan without changing anything', 'isolate web-0 -n prod --dry-run=client'],
      ['Contain without asking, and keep the record in a case', 'isolate web-0 -n prod --yes --case ./case'],
      ['Also have the API server refuse its token', 'isolate web-0 -n prod --cut-identity=token'],
      ['Every replica', 'isolate deploy/web --all-replicas -n prod'],
      ['Everything on a node', 'isolate node node-a'],
    ],
    load: () => import('../subcommands/isolate.ts'),
  },
  {
    words: ['release'],
    group: 'Contain',
    summary: 'Undo an isolation exactly, from any machine',
    usage: 'POD|UID|CASE|node/NODE [flags]',
    about: [
      'Reads the record that isolate left in the cluster, shows what others have changed since, opens the link, removes\n' +
        'policies, rules and guards, and checks that nothing of the isolation is left.',
      'The pod stays detached, as evidence; with --return it is given back to its owner and its Services exactly as it was.',
    ],
    examples: [
      ['Open the pod again and keep it detached', 'release web-0 -n prod'],
      ['Give it back', 'release web-0 -n prod --return'],
      ['Everything that a case isolated', 'release ./case'],
    ],
    load: () => import('../subcommands/release.ts'),
  },
  {
    words: ['status'],
    group: 'Contain',
    summary: 'List everything that kubectl ir has in the cluster',
    usage: '[flags]',
    about: [
      'Collector pods, isolated pods, their policies and records, in all namespaces, and who they are about. What may not\n' +
        'be listed is named, and the exit code is then 3.',
    ],
    examples: [['Everything', 'status']],
    load: () => import('../subcommands/status.ts'),
  },
];
