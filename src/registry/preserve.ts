import type { RegistryEntry } from './entry.ts';

/** Commands that keep a case and hand it on, in the order of help. */
export const preserveCommands: readonly RegistryEntry[] = [
  {
    words: ['case', 'open'],
    group: 'Preserve',
    summary: 'Make a case with its numbers, or open a closed one again',
    usage: '[CASE] [flags]',
    about: [
      'Commands that collect make a case themselves; this one makes it beforehand, or gives an existing one the numbers by\n' +
        'which the organisation knows it. They go into the record of the case and into its bag. Prints the directory.',
      'What the flags say of the incident (severity to detected) goes into custody; the newest counts. Reopening a closed\n' +
        'case is recorded there too, and so is every change of its details.',
    ],
    examples: [
      [
        'A new case, for the others to use with --case',
        'case open ./case-17 --case-number 2026-17 --examiner "J. Doe"',
      ],
      ['Add a number later', 'case open ./case --case-number 2026-17'],
      [
        'What is known of the incident',
        'case open ./case --severity sev1 --area shop --reporter "Bank, fraud desk" --seen "orders that nobody made"',
      ],
    ],
    load: () => import('../subcommands/case/open.ts'),
  },
  {
    words: ['case', 'show'],
    group: 'Preserve',
    summary: 'Show where an incident stands and what its case holds',
    usage: 'CASE [flags]',
    about: [
      'Phase, severity, open tasks and times of the incident, as custody tells them; then record, seal and acquisitions.\n' +
        'Contained is the first isolation that HOLDS, or the move from contain to a later phase, whichever came first.',
      'Shows what the case says of itself and checks nothing. To check it: kubectl ir verify',
    ],
    examples: [['As JSON', 'case show ./case -o json']],
    load: () => import('../subcommands/case/show.ts'),
  },
  {
    words: ['case', 'log'],
    group: 'Preserve',
    summary: 'Print who did what when, or add a remark to it',
    usage: 'CASE [TEXT] [flags]',
    about: ['A remark on a sealed case stands beside its seal, which is left as it is.'],
    examples: [
      ['Everything, with details', 'case log ./case -o wide'],
      ['A remark', 'case log ./case "disk image of node-a taken by the cloud team"'],
    ],
    load: () => import('../subcommands/case/log.ts'),
  },
  {
    words: ['case', 'move'],
    group: 'Preserve',
    summary: 'Move an incident into its next phase, and record who decided',
    usage: 'CASE PHASE [flags]',
    about: [
      'Phases are open, identify, coordinate, contain, eradicate, recover, close and review. Containing first is the rule, so\n' +
        'contain may always be next. Moving past phases that the incident was never in, or back, asks first; --yes confirms it.\n' +
        'Checked against the decisions of the plan, where there is one: who decides, and what must be true before, which is\n' +
        'asked and goes into custody.',
      'Closing the incident leaves its evidence open; to close that: kubectl ir case close',
    ],
    examples: [
      ['Contain', 'case move ./case contain --decided-by jane'],
      ['Back, with a reason', 'case move ./case contain --why "a second pod talks to the same address"'],
    ],
    load: () => import('../subcommands/case/move.ts'),
  },
  {
    words: ['case', 'task'],
    group: 'Preserve',
    summary: 'Record who has to do what until when, and what is done',
    usage: 'CASE [TEXT | --done N] [flags]',
    about: [
      'Without TEXT or --done, lists the tasks of the case. Custody has each task, and who recorded it.',
    ],
    examples: [
      ['A new task', 'case task ./case "rotate the keys of the bank" --owner jane --due 4h'],
      ['It is done', 'case task ./case --done 1'],
    ],
    load: () => import('../subcommands/case/task.ts'),
  },
  {
    words: ['case', 'decide'],
    group: 'Preserve',
    summary: 'Record a decision and who took it',
    usage: 'CASE TEXT [flags]',
    about: ['To record a decision that moves the incident into another phase: kubectl ir case move'],
    examples: [['A decision', 'case decide ./case "the shop stays closed until noon" --by "J. Doe, CEO"']],
    load: () => import('../subcommands/case/decide.ts'),
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
    load: () => import('../subcommands/case/sign.ts'),
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
    load: () => import('../subcommands/case/handover.ts'),
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
    load: () => import('../subcommands/case/close.ts'),
  },
  {
    words: ['case', 'verify-fix'],
    group: 'Preserve',
    summary: 'Look again at what a case found, and say what the fix has left',
    usage: 'CASE [flags]',
    about: [
      'Looks at the isolated pods of the case (is the cut there, does it hold, did anybody change it), compares the pods that\n' +
        'took their place with their images, collects from their nodes once more and judges that by the rules. All of it goes\n' +
        'into the case. A finding counts as the same by rule and subject, a change by path, kind and content.',
      'FIXED: all of it was looked at and nothing is left. LEFT: something is still there, or new and grave; exit 4. UNSEEN:\n' +
        'something could not be looked at, which never counts as gone; exit 3. What is in an isolated pod that is kept as\n' +
        'evidence counts as still there.',
    ],
    examples: [
      ['After a new image was rolled out', 'case verify-fix ./case'],
      ['What is gone, too', 'case verify-fix ./case -o wide'],
    ],
    load: () => import('../subcommands/case/verify-fix.ts'),
  },
  {
    words: ['case', 'review'],
    group: 'Preserve',
    summary: 'Say which controls would have prevented an incident, with the manifests for them',
    usage: 'CASE [flags]',
    about: [
      'Looks at the controls in and around the pods of the case: in its evidence or, for what that does not have, in the\n' +
        'cluster as it is now. Each missing control comes with the object, or the part of one, that would provide it, checked\n' +
        'by the server in a dry run. USED BY names the rules whose findings show that its absence was used.',
      'With --owner each missing control becomes a task of the case, once. Exit 3 when a control could not be looked at.',
    ],
    examples: [
      ['What is missing, and the manifests', 'case review ./case'],
      ['A task for each, within two weeks', 'case review ./case --owner platform --due 14d'],
      ['The manifests alone, into a file', 'case review ./case --manifests'],
    ],
    load: () => import('../subcommands/case/review.ts'),
  },
  {
    words: ['case', 'clean'],
    group: 'Preserve',
    summary: 'Remove objects that an intruder left, saved before and watched after',
    usage: 'CASE [TYPE/NAME ...] [flags]',
    about: [
      'Saves each object whole into the case, deletes that very object by its uid, and watches for a minute whether anything\n' +
        'takes its place; what comes back is named, with who made it. Manifests of static pods are files on a node: they\n' +
        'become instructions and tasks of the case. Without objects it lists those that grave findings of the case point at.',
      'Objects of kubectl-ir, namespaces, nodes and CustomResourceDefinitions are refused; objects of the cluster itself need\n' +
        '--even-if REASON. Exit 4 when something came back, 3 when something was not removed.',
    ],
    examples: [
      ['What the findings point at', 'case clean ./case'],
      ['Two objects', 'case clean ./case cronjob/report configmap/loader -n prod'],
    ],
    load: () => import('../subcommands/case/clean.ts'),
  },
  {
    words: ['archive'],
    group: 'Preserve',
    summary: 'Seal a case and pack it',
    usage: 'CASE [flags]',
    about: [
      'Makes the case a BagIt bag (RFC 8493) with manifests of every file and packs it into one archive. The same sealed\n' +
        'case gives the same bytes. Encrypted with age when recipients are given. An upload that was cut off continues when\n' +
        'the same command is run again.',
      'Storage: credentials, region and AWS_ENDPOINT_URL_S3 as for the aws program.',
    ],
    examples: [
      ['Seal and pack', 'archive ./case'],
      ['Seal, sign and pack', 'archive ./case --sign ~/.ssh/id_ed25519'],
      ['Encrypted, to a bucket', 'archive ./case --encrypt-to age1… --to s3://evidence/case.tar.zst.age'],
      ['A second case without credentials, for others', 'archive ./case --redact credentials'],
    ],
    load: () => import('../subcommands/archive.ts'),
  },
  {
    words: ['verify'],
    group: 'Preserve',
    summary: 'Check a case or an archive: complete, unchanged, custody unbroken',
    usage: 'CASE|ARCHIVE|s3://BUCKET/KEY [flags]',
    about: [
      'Needs no cluster and writes nothing. Checks every file against the manifests, every line of custody against the one\n' +
        'before, every item against its index, and the signatures against the seal. Takes bags made by others too. Archives\n' +
        'are tar, tar.gz, tar.zst or zip, plain or encrypted with age; nothing is unpacked onto disk.',
      'AUTHENTIC: unchanged since one of --signers signed it. CONSISTENT: unchanged since the seal, though whoever held it\n' +
        'could have rebuilt it; with --signers that is a failure. BROKEN: what is changed, missing or extra is named.',
    ],
    examples: [
      ['An archive', 'verify case.tar.gz'],
      ['And that one of these signed it', 'verify ./case --signers allowed_signers'],
      ['Encrypted, in a bucket', 'verify s3://evidence/case.tar.zst.age --identity key.txt'],
    ],
    load: () => import('../subcommands/verify.ts'),
  },
];
