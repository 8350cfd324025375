import type { RegistryEntry } from './entry.ts';

/** Commands that prepare and lead people, in the order of help. */
export const organiseCommands: readonly RegistryEntry[] = [
  {
    words: ['report'],
    group: 'Organise',
    summary: 'Write what happened, what proves it and what is not known, for people',
    usage: 'CASE|ARCHIVE [flags]',
    about: [
      'One HTML file without script or network, for the screen and for paper; Markdown, or data. Read from the case, offline;\n' +
        'nothing is written into it. The same case gives the same report, byte for byte: in place of a date it names the last\n' +
        'line of custody. Long lists are cut, and say how many there are and which command shows all.',
      'Readers: all, managers, engineers (image, source, changes), infrastructure (nodes, settings), examiners (custody).',
    ],
    examples: [
      ['For everybody', 'report ./case --to report.html'],
      ['For the engineers, to be pasted into an issue', 'report ./case --for engineers -o md'],
    ],
    load: () => import('../subcommands/report.ts'),
  },
  {
    words: ['plan', 'init'],
    group: 'Organise',
    summary: 'Write a first draft of the incident response plan',
    usage: '[FILE] [flags]',
    about: [
      'Asks a few questions on a terminal, or takes namespaces and the labels and annotations that name applications and\n' +
        'owners from the cluster. What is not known says FILL IN. Its JSON Schema is written beside the plan, for completion in\n' +
        'editors. Existing files are never overwritten.',
    ],
    examples: [
      ['Into ir-plan.yaml of this directory', 'plan init'],
      ['Areas and owners from the cluster', 'plan init --from-cluster'],
    ],
    load: () => import('../subcommands/plan/init.ts'),
  },
  {
    words: ['plan', 'check'],
    group: 'Organise',
    summary: 'Find what in the plan will hurt at three in the morning',
    usage: '[FILE] [flags]',
    about: [
      'Reads the plan and reports, with file and line: one person for all areas, an area without a deputy, hours of the next\n' +
        '90 days that nobody or two people have, people without a second way to be reached, unknown names, escalation that\n' +
        'ends with one person or goes round, threats without detection or playbook, playbook commands that cannot be run,\n' +
        'lines that fail with the cluster, a review that is due.',
      'CLEAN: nothing was found. WEAK: it works but has risks. BROKEN: part of it cannot work.',
    ],
    examples: [
      ['The plan in this directory or above', 'plan check'],
      ['Another file, as JSON', 'plan check docs/ir-plan.yaml -o json'],
    ],
    exitCodes: '0 clean, 1 cannot be read, 2 usage, 3 warnings, 4 errors, 130 interrupted',
    load: () => import('../subcommands/plan/check.ts'),
  },
  {
    words: ['plan', 'show'],
    group: 'Organise',
    summary: 'Show the plan, or a part of it, as tables',
    usage: '[KIND [ID]] [flags]',
    about: [
      'Kinds: people, teams, areas, rotas, severities, lines, escalation, threats, playbooks, decisions. Needs no cluster.',
    ],
    examples: [
      ['Everything', 'plan show'],
      ['How to reach somebody', 'plan show person jane'],
      ['The steps of a playbook', 'plan show playbook/pod-taken'],
    ],
    load: () => import('../subcommands/plan/show.ts'),
  },
  {
    words: ['plan', 'who'],
    group: 'Organise',
    summary: 'Tell whom to call now, in order, and how to reach them',
    usage: '[flags]',
    about: [
      'Without flags, who is on call in each rota. With --area its first contact and its deputies; with --severity those\n' +
        'whom its escalation chains name, step by step. Needs no cluster and no network.',
    ],
    examples: [
      ['Who is on call', 'plan who'],
      ['About storage, with all ways to reach them', 'plan who --area storage -o wide'],
      ['On Christmas Eve', 'plan who --severity SEV1 --at 2026-12-24T18:00:00Z'],
    ],
    exitCodes: '0 done, 1 nobody, 2 usage, 3 a part of the plan leads to nobody, 130 interrupted',
    load: () => import('../subcommands/plan/who.ts'),
  },
  {
    words: ['plan', 'escalate'],
    group: 'Organise',
    summary: 'Tell who is called next, when, over which line, and what to say',
    usage: '[flags]',
    about: [
      'Every chain of the plan whose conditions the incident meets applies, the most specific first, and one of those without\n' +
        'conditions. Their steps run on one clock, from --since on. Prints the message to say or send.',
      'With --send it is posted as {"text": …} to the webhook of the plan, again when that is busy or does not answer, and\n' +
        'with --case custody has it. The message holds what the plan and the flags say, and nothing of the evidence.',
    ],
    examples: [
      ['Whom to call first', 'plan escalate --severity SEV1 --area shop'],
      ['Twenty minutes later', 'plan escalate --severity SEV1 --area shop --since 20m'],
      ['A mistake that customers notice', 'plan escalate --severity SEV2 --cause human-error --high-profile'],
      ['Send it, on record', 'plan escalate --severity SEV1 --send --case ./case'],
    ],
    exitCodes: '0 done, 1 failed or no chain applies, 2 usage, 3 a step leads to nobody, 130 interrupted',
    load: () => import('../subcommands/plan/escalate.ts'),
  },
  {
    words: ['playbook', 'list'],
    group: 'Organise',
    summary: 'List the playbooks of the plan',
    usage: '[flags]',
    about: ['With the threats that each is for. Needs no cluster.'],
    examples: [['As JSON, with their steps', 'playbook list -o json']],
    load: () => import('../subcommands/playbook/list.ts'),
  },
  {
    words: ['playbook', 'show'],
    group: 'Organise',
    summary: 'Show the steps of a playbook, and what was done of it in a case',
    usage: 'NAME [flags]',
    about: ['Needs no cluster.'],
    examples: [['How far a case is', 'playbook show stolen-token --case ./case']],
    load: () => import('../subcommands/playbook/show.ts'),
  },
  {
    words: ['playbook', 'run'],
    group: 'Organise',
    summary: 'Lead through a playbook, step by step, and record who did what',
    usage: 'NAME --case CASE [flags]',
    about: [
      'Shows each step and asks what to do: run it or say that it is done, skip it, hand over, or quit. Every answer is in\n' +
        'custody, and so are start and end of each command that is run. Running the same playbook in the same case again\n' +
        'continues with the next step, whoever did those before; a step that failed or was interrupted is repeated.',
      'Commands run in this program with its global flags, for this case. Their lines are split into words by quotation marks\n' +
        'alone; no shell sees them. {{pod}}, {{namespace}}, {{node}} and {{case}} come from flags, from what was filled in\n' +
        'before, or from the case; what nobody knows is asked.',
      'Nothing is run without being asked. Where there is no terminal, the next step is printed.',
    ],
    examples: [
      ['From the next step on', 'playbook run stolen-token --case ./case'],
      ['Repeat a step', 'playbook run stolen-token --case ./case --from cut --pod web-0 -n prod'],
    ],
    exitCodes: '0 every step is done or skipped, 3 steps are left, 1 error, 2 usage',
    load: () => import('../subcommands/playbook/run.ts'),
  },
];
