import type { RunnableCommand } from './subcommands/command.ts';

/** One command as help, plugin.yaml and the command line know it; its code is loaded on use only. */
export interface RegistryEntry {
  /** As typed after `kubectl ir`. */
  readonly words: readonly string[];
  readonly group: 'Contain' | 'Collect' | 'Understand' | 'Preserve' | 'Set up';
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
    words: ['isolate'],
    group: 'Contain',
    summary: 'Contain pods or a node and prove that they exchange no more data',
    usage: 'POD|TYPE/NAME --all-replicas|node NODE [flags]',
    about: [
      'Looks at what is around the pod, prints a plan, asks, and acts: guards the pod against eviction and deletion, cuts its\n' +
        'network link on its node (established connections too; probes of the kubelet still pass, so nothing restarts), denies\n' +
        'its traffic by policy, and sets labels aside so that Services drop it and an owner that can replaces it. Then flows\n' +
        'that worked before are looked at again.',
      'Several pods at once, by labels, owner, image digest or account: one plan, one question, one case, and a verdict and\n' +
        'a record for each. With a node its pods are cut but those that must not be, which are listed, and it is cordoned.',
      'The verdict is HOLDS, LEAKS or UNVERIFIED. All of it is undone by: kubectl ir release POD|CASE|node/NODE',
    ],
    examples: [
      ['See the plan without changing anything', 'isolate web-0 -n prod --dry-run=client'],
      ['Contain without asking, and keep the record in a case', 'isolate web-0 -n prod --yes --case ./case'],
      ['Refuse the API to its tokens too', 'isolate web-0 -n prod --cut-identity=token'],
      ['Every replica', 'isolate deploy/web --all-replicas -n prod'],
      ['All that runs on a node', 'isolate node node-a'],
    ],
    load: () => import('./subcommands/isolate.ts'),
  },
  {
    words: ['release'],
    group: 'Contain',
    summary: 'Undo an isolation exactly, from any machine',
    usage: 'POD|UID|CASE|node/NODE [flags]',
    about: [
      'Reads the record that isolate left in the cluster, shows what others changed since, opens the link, removes policies,\n' +
        'rules and guards, and checks that nothing of the isolation is left.',
      'The pod stays detached, as evidence; with --return it is given back to its owner and its Services exactly as it was.',
    ],
    examples: [
      ['Open the pod again and keep it detached', 'release web-0 -n prod'],
      ['Give it back', 'release web-0 -n prod --return'],
      ['All that was isolated in a case', 'release ./case'],
    ],
    load: () => import('./subcommands/release.ts'),
  },
  {
    words: ['status'],
    group: 'Contain',
    summary: 'List everything of this program that stands in the cluster',
    usage: '[flags]',
    about: [
      'Collector pods, isolated pods, their policies and records, in all namespaces, and who they are about. What may not\n' +
        'be listed is named, and the exit code is then 3.',
    ],
    examples: [['Everything', 'status']],
    load: () => import('./subcommands/status.ts'),
  },
  {
    words: ['respond'],
    group: 'Collect',
    summary: 'Do the whole job on one pod: collect, contain, prove, compare, seal',
    usage: 'POD [flags]',
    about: [
      'Takes volatile evidence first (5 s at most), then isolates the pod and proves it, compares its file system with\n' +
        'its image, collects from its node, and seals all of it in a case.',
    ],
    examples: [
      ['Respond without being asked', 'respond pod/web-0 -n prod --yes'],
      ['See what would be done', 'respond pod/web-0 -n prod --dry-run=client'],
    ],
    load: () => import('./subcommands/respond.ts'),
  },
  {
    words: ['snapshot', 'node'],
    group: 'Collect',
    summary: 'Collect evidence of a node, the most volatile first',
    usage: 'NODE... [flags]',
    about: [
      'Reads processes, sockets, kernel facts, sessions, containers, configuration and logs through a short-lived collector\n' +
        'pod. Nothing on the node is written or run. What could not be read is listed as a gap, with the reason. Where no\n' +
        'privileged pod may run, API server and kubelet are asked instead.',
      'A snapshot that was interrupted goes on where it stopped when it is given its case again.',
      'Parts: envelope, sockets, processes, executables, programs, kernel, sessions, runtime, cluster, filesystem, config,\n' +
        'logs, packages. Triage leaves out filesystem and packages, and takes the newest of the logs.',
    ],
    examples: [
      ['Into a new case', 'snapshot node node-a'],
      ['Everything there is, into an open case', 'snapshot node node-a --profile full --case ./case'],
      [
        'Logs of two nodes since a time',
        'snapshot node --nodes a,b --profile logs --since 2026-11-25T04:15:00Z',
      ],
    ],
    load: () => import('./subcommands/snapshot/node.ts'),
  },
  {
    words: ['snapshot', 'pod'],
    group: 'Collect',
    summary: 'Collect evidence of a pod from the side of its node',
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
    load: () => import('./subcommands/snapshot/pod.ts'),
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
    load: () => import('./subcommands/stats.ts'),
  },
  {
    words: ['diff', 'pod'],
    group: 'Collect',
    summary: 'Compare the file system of a pod with its image',
    usage: 'POD [flags]',
    about: [
      'Finds what was added, changed or deleted since the containers started, content compared, also where size and time\n' +
        'were put back. Where it cannot see it says blind, never clean.',
    ],
    examples: [['All containers of a pod', 'diff pod web-0 -n prod']],
    exitCodes: '0 no change, 1 changes, 2 usage, 3 blind, cut or failed, 130 interrupted',
    load: () => import('./subcommands/diff/pod.ts'),
  },
  {
    words: ['show'],
    group: 'Understand',
    summary: 'Show what a case holds of one kind, such as processes or logins',
    usage: 'CASE KIND [flags]',
    about: [
      'Parses the raw evidence of the case, offline and again each time. A piece that is no record of its format is told\n' +
        'and left out of tables; JSON has it. Text of a node is escaped.',
      'Running:  processes, sockets, flows, neighbours, routes, addresses, mounts, memory, modules, bpf, containers\n' +
        'Entered:  logins, accounts, groups, passwords, sudo, keys, sshd, cron, units, history, accounting, kubelet\n' +
        'Written:  journal, syslog, audit, api-audit, podlogs, files, programs, packages, package-files',
    ],
    examples: [
      ['Who logged in', 'show ./case logins'],
      ['Sockets with the items they were read from, as data', 'show ./case sockets -o json'],
      ['Packages for a scanner of weaknesses', 'show ./case packages -o cyclonedx'],
    ],
    load: () => import('./subcommands/show.ts'),
  },
  {
    words: ['findings'],
    group: 'Understand',
    summary: 'Judge what a case holds: what is wrong, how sure that is, what to do next',
    usage: 'CASE [flags]',
    about: [
      'Holds rules against the evidence of the case, offline and again each time. Each finding has its evidence, how sure it\n' +
        'is, what would refute it, and the next step as a command. What ordinary software does too is scored down by what it\n' +
        'is, never by its name. Tables have those that weigh high with all of it, -o wide has it of all.',
      'A rule whose evidence is not in the case is not judged, and said so; exit code 3 then. No finding is no proof that\n' +
        'nothing happened: a node that somebody else has as root tells what he wants. Rules: docs/findings.md',
    ],
    examples: [
      ['Everything', 'findings ./case'],
      ['What needs somebody at once, as data', 'findings ./case --severity high -o json'],
      ['One rule with its evidence', 'findings ./case --rule reverse-shell -o wide'],
    ],
    load: () => import('./subcommands/findings.ts'),
  },
  {
    words: ['timeline'],
    group: 'Understand',
    summary: 'Show everything in a case that has a time, in order',
    usage: 'CASE [flags]',
    about: [
      'One order of all that the case holds: process starts, times of files, what containers changed, logins, commands,\n' +
        'logs of nodes and pods, the API audit log, events, and what responders did. Offline, and again each time. Times are\n' +
        "corrected by what was measured of each node's clock; the same event from several items is one. A time with ? had\n" +
        'neither year nor zone.',
      'bodyfile is for mactime; timesketch-jsonl and timesketch-csv are for Timesketch (file names *.jsonl and *.csv).',
    ],
    examples: [
      ['A quarter of an hour', 'timeline ./case --from 2026-11-22T04:00:00Z --to 2026-11-22T04:15:00Z'],
      ['What is known of one pod', 'timeline ./case --subject pod/web-0'],
      ['For Timesketch', 'timeline ./case -o timesketch-jsonl > case.jsonl'],
    ],
    load: () => import('./subcommands/timeline.ts'),
  },
  {
    words: ['case', 'open'],
    group: 'Preserve',
    summary: 'Make a case with its numbers, or open a closed one again',
    usage: '[CASE] [flags]',
    about: [
      'Commands that collect make a case themselves; this one makes it beforehand, or gives one what the organisation\n' +
        'knows it by. That goes into the record of the case and into its bag. Prints the directory.',
      'Opening a closed case again is recorded in custody; so is every change of its details.',
    ],
    examples: [
      [
        'A new case, for the others to use with --case',
        'case open ./case-17 --case-number 2026-17 --examiner "J. Doe"',
      ],
      ['A number that became known later', 'case open ./case --case-number 2026-17'],
    ],
    load: () => import('./subcommands/case/open.ts'),
  },
  {
    words: ['case', 'show'],
    group: 'Preserve',
    summary: 'Show what a case holds, its custody, seal and signatures',
    usage: 'CASE [flags]',
    about: ['Tells what the case says of itself and checks nothing; for that there is: kubectl ir verify'],
    examples: [['As JSON', 'case show ./case -o json']],
    load: () => import('./subcommands/case/show.ts'),
  },
  {
    words: ['case', 'log'],
    group: 'Preserve',
    summary: 'Print who did what when, or add a remark to it',
    usage: 'CASE [flags]',
    about: ['A remark on a sealed case stands beside its seal, which is left as it is.'],
    examples: [
      ['Everything, with details', 'case log ./case -o wide'],
      ['A remark', 'case log ./case --remark "disk image of node-a taken by the cloud team"'],
    ],
    load: () => import('./subcommands/case/log.ts'),
  },
  {
    words: ['case', 'sign'],
    group: 'Preserve',
    summary: 'Sign the seal of a case with an ssh key',
    usage: 'CASE --key FILE [flags]',
    about: [
      'Seals the case where it is not sealed, and signs one statement of that seal: the digests of its tag manifests and\n' +
        'the end of custody. Others, such as a witness, may sign the same statement; each signature is a file in signature/.',
      'Keys are ed25519, ecdsa or rsa, from a file or an ssh-agent; hardware keys through an agent. Checked by:\n' +
        'kubectl ir verify CASE --signers FILE, or ssh-keygen -Y verify -n kubectl-ir.',
    ],
    examples: [
      ['With a key file', 'case sign ./case --key ~/.ssh/id_ed25519'],
      ['With a key of the ssh-agent', 'case sign ./case --key ~/.ssh/id_ed25519_sk.pub'],
    ],
    load: () => import('./subcommands/case/sign.ts'),
  },
  {
    words: ['case', 'handover'],
    group: 'Preserve',
    summary: 'Record who gives a case to whom',
    usage: 'CASE --to NAME [flags]',
    about: [
      'The record stands beside the seal, which is left as it is. Prints the digest of that line of custody: a receiver who\n' +
        'writes it down can prove later that no line was taken away.',
    ],
    examples: [
      ['To the laboratory', 'case handover ./case --to "Forensic laboratory, A. Roe" --reason analysis'],
    ],
    load: () => import('./subcommands/case/handover.ts'),
  },
  {
    words: ['case', 'close'],
    group: 'Preserve',
    summary: 'Seal a case; it takes no more evidence',
    usage: 'CASE [flags]',
    about: [
      'Commands that collect refuse the case until it is opened again on purpose: kubectl ir case open CASE',
    ],
    examples: [['A case', 'case close ./case']],
    load: () => import('./subcommands/case/close.ts'),
  },
  {
    words: ['archive'],
    group: 'Preserve',
    summary: 'Seal a case and pack it',
    usage: 'CASE [flags]',
    about: [
      'Makes the case a BagIt bag (RFC 8493) with manifests of every file and packs it into one archive. The same sealed\n' +
        'case gives the same bytes. Encrypted with age when recipients are given. An upload that was cut goes on when the\n' +
        'same command is run again.',
      'Storage: credentials, region and AWS_ENDPOINT_URL_S3 as for the aws program.',
    ],
    examples: [
      ['Seal and pack', 'archive ./case'],
      ['Seal, sign and pack', 'archive ./case --sign ~/.ssh/id_ed25519'],
      ['Encrypted, to a bucket', 'archive ./case --encrypt-to age1… --to s3://evidence/case.tar.zst.age'],
      ['A second case without credentials, for others', 'archive ./case --redact credentials'],
    ],
    load: () => import('./subcommands/archive.ts'),
  },
  {
    words: ['verify'],
    group: 'Preserve',
    summary: 'Check a case or an archive: complete, unchanged, custody unbroken',
    usage: 'CASE|ARCHIVE|s3://BUCKET/KEY [flags]',
    about: [
      'Needs no cluster and writes nothing. Compares every file with the manifests, every line of custody with the one\n' +
        'before, every item with its index, and the signatures with the seal. Takes bags made by others too. Archives are\n' +
        'tar, tar.gz, tar.zst or zip, as they are or encrypted with age; nothing is unpacked onto disk.',
      'AUTHENTIC: unchanged since one of --signers signed it. CONSISTENT: unchanged since the seal, though whoever held it\n' +
        'could have rebuilt it; with --signers that is a failure. BROKEN: what is changed, missing or extra is named.',
    ],
    examples: [
      ['An archive', 'verify case.tar.gz'],
      ['By whom it was signed', 'verify ./case --signers allowed_signers'],
      ['Encrypted, in a bucket', 'verify s3://evidence/case.tar.zst.age --identity key.txt'],
    ],
    load: () => import('./subcommands/verify.ts'),
  },
  {
    words: ['preflight'],
    group: 'Set up',
    summary: 'Check that everything an incident needs is there, before the incident',
    usage: '[flags]',
    about: [
      'Checks rights, the namespace of the collector pod and its pod security, quota, the nodes, and with --pull whether\n' +
        'the nodes can pull the collector image. Creates nothing but, with --pull, short-lived pods.',
    ],
    examples: [
      ['Everything', 'preflight'],
      ['Pull the collector image on every node, before any incident', 'preflight --pull'],
      ['Rights for one command, for the administrator to grant', 'preflight --command isolate --print-rbac'],
    ],
    load: () => import('./subcommands/preflight.ts'),
  },
  {
    words: ['cleanup'],
    group: 'Set up',
    summary: 'Remove collector pods that nobody uses any more',
    usage: '[flags]',
    about: [
      'Deletes collector pods that ended or are past their time, which are left when a command was killed. Collectors in\n' +
        'use and isolations are left alone; the namespace goes only when it is asked for and empty.',
    ],
    examples: [
      ['Dead collectors', 'cleanup'],
      ['The namespace too, after the last incident', 'cleanup --delete-namespace'],
    ],
    load: () => import('./subcommands/cleanup.ts'),
  },
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
