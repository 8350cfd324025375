import type { RegistryEntry } from './entry.ts';

/** Commands that read what a case holds, in the order of help. */
export const understandCommands: readonly RegistryEntry[] = [
  {
    words: ['show'],
    group: 'Understand',
    summary: 'Show what a case holds of one kind, such as processes or logins',
    usage: 'CASE|ARCHIVE KIND [flags]',
    about: [
      'Parses the raw evidence of the case, offline and anew each time. What does not parse is named and left out of\n' +
        'tables; JSON has it. Text from a node is escaped.',
      'Running:  processes, sockets, flows, neighbours, routes, addresses, mounts, memory, modules, bpf, containers\n' +
        'Entered:  logins, accounts, groups, passwords, sudo, keys, sshd, cron, units, history, accounting, kubelet\n' +
        'Written:  journal, syslog, audit, api-audit, podlogs, files, programs, packages, container-packages, package-files',
    ],
    examples: [
      ['Who logged in', 'show ./case logins'],
      ['Sockets with the items they were read from, as data', 'show ./case sockets -o json'],
      ['Packages, for a vulnerability scanner', 'show ./case packages -o cyclonedx'],
      [
        'The same for the containers that ran, each with its own packages',
        'show ./case container-packages -o cyclonedx',
      ],
    ],
    load: () => import('../subcommands/show.ts'),
  },
  {
    words: ['findings'],
    group: 'Understand',
    summary: 'Judge what a case holds: what is wrong, how sure that is, what to do next',
    usage: 'CASE|ARCHIVE [flags]',
    about: [
      'Judges the evidence of the case by rules, offline and anew each time. Each finding comes with its evidence, how sure\n' +
        'it is, what would refute it, and the next step as a command. What ordinary software also does weighs less, by what\n' +
        'it is and never by its name. Tables give all details of the gravest findings, -o wide those of every one.',
      'A rule whose evidence is not in the case is reported as not judged; exit code 3 where the case asked for it. That\n' +
        'nothing was found does not prove that nothing happened: a node whose root is the attacker says what the attacker\n' +
        'wants. Rules: docs/findings.md; rules of your own: docs/own-rules.md',
    ],
    examples: [
      ['Everything', 'findings ./case'],
      ['What needs somebody at once, as data', 'findings ./case --severity high -o json'],
      ['One rule with its evidence', 'findings ./case --rule reverse-shell -o wide'],
      ['What is new since an earlier snapshot', 'findings ./case --baseline ./earlier'],
    ],
    load: () => import('../subcommands/findings.ts'),
  },
  {
    words: ['scope'],
    group: 'Understand',
    summary: 'Look who else has a trace of what was found: pods, nodes, accounts',
    usage: 'CASE|--ioc FILE [flags]',
    about: [
      'Takes traces from the findings of a case (programs, addresses, files, cron lines, keys), or from a list, and looks\n' +
        'for them on every node: a collector reads what runs, its sockets and a few files, into a case of its own. With\n' +
        '--in, it looks in other cases instead, offline. Pods that the case is about are left out.',
      'Says who is touched, by what, and how sure that is. Names the nodes that could not be looked at; exit code 3 then.\n' +
        'See docs/scope.md',
    ],
    examples: [
      ['Who else, after a response', 'scope ./case'],
      [
        'A list from somebody else, and the audit log of the API server',
        'scope --ioc list.json --audit-log audit.log',
      ],
      ['Offline, in what other responders collected', 'scope ./case --in ./other --in ./third'],
    ],
    load: () => import('../subcommands/scope.ts'),
  },
  {
    words: ['timeline'],
    group: 'Understand',
    summary: 'Show everything in a case that has a time, in order',
    usage: 'CASE|ARCHIVE [flags]',
    about: [
      'Everything the case holds, in one order: process starts, times of files, what containers changed, logins, commands,\n' +
        'logs of nodes and pods, the API audit log, events, and what responders did. Offline, and anew each time. Times are\n' +
        "corrected by the measured error of each node's clock; one event from several items is shown once. A time with ?\n" +
        'had no year or no zone.',
      'bodyfile is for mactime; timesketch-jsonl and timesketch-csv are for Timesketch (file names *.jsonl and *.csv).',
    ],
    examples: [
      ['Fifteen minutes', 'timeline ./case --from 2026-11-22T04:00:00Z --to 2026-11-22T04:15:00Z'],
      ['What is known of one pod', 'timeline ./case --subject pod/web-0'],
      ['For Timesketch', 'timeline ./case -o timesketch-jsonl > case.jsonl'],
    ],
    load: () => import('../subcommands/timeline.ts'),
  },
  {
    words: ['changes'],
    group: 'Understand',
    summary: 'Show the configuration changes before the incident, the nearest first',
    usage: '[POD|namespace/NAME|CASE] [flags]',
    about: [
      'Rollouts, images whose tag moved, Helm releases, rights, policies, webhooks, and what an audit log of the API server\n' +
        'tells, each with its fields, who it was, and the command that undoes it, which is printed and never run. The pod and\n' +
        'its owners come first, then its ServiceAccount and rights, policies that select it, its namespace, the cluster; of\n' +
        'those that are equally near the latest comes first.',
      'Who it was is known from an audit log only; a manager of fields is what a client called itself. What was deleted is\n' +
        'known from an audit log only, and its content where the log has whole requests. Exit code 3: not all could be seen.',
    ],
    examples: [
      ['Of a pod', 'changes web-0 -n prod'],
      ['With who it was, and what was deleted', 'changes web-0 -n prod --audit-log audit.log'],
      ['Of a case, offline, over a week', 'changes ./case --since 7d'],
    ],
    load: () => import('../subcommands/changes.ts'),
  },
];
