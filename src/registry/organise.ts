import type { RegistryEntry } from './entry.ts';

/** Commands that prepare and lead people, in the order of help. */
export const organiseCommands: readonly RegistryEntry[] = [
  {
    words: ['plan', 'check'],
    group: 'Organise',
    summary: 'Find what in the plan will hurt at three in the morning',
    usage: '[FILE] [flags]',
    about: [
      'Reads the plan and tells, each with file and line: one person for all areas, an area without deputy, hours of the next\n' +
        '90 days that nobody or two people have, people without a second way to be reached, names of nobody, escalation that\n' +
        'ends with one person or goes round, threats without detection or playbook, playbook commands that cannot be run,\n' +
        'lines that fail with the cluster, a review that is due.',
      'CLEAN: nothing was found. WEAK: it works and has risks. BROKEN: a part of it cannot work.',
    ],
    examples: [
      ['The plan in this directory or above', 'plan check'],
      ['Another file, as JSON', 'plan check docs/ir-plan.yaml -o json'],
    ],
    exitCodes: '0 clean, 1 cannot be read, 2 usage, 3 warnings, 4 errors, 130 interrupted',
    load: () => import('../subcommands/plan/check.ts'),
  },
];
