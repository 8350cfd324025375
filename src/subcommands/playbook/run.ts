import { resolve } from 'node:path';
import { isObjectName } from '../../cluster/target.ts';
import { readCaseStatus } from '../../evidence/case-status.ts';
import { UsageError } from '../../output/errors.ts';
import { createProgress } from '../../output/progress.ts';
import { quotedWord } from '../../output/shell-word.ts';
import { defineCommand } from '../command.ts';
import { planFlags } from '../plan-flags.ts';
import { requirePlan } from '../plan-in-use.ts';
import { playbookCalled, playbookWord, stepCalled } from './called.ts';
import { PlaybookRun } from './playbook-run.ts';
import { whereText } from '../where.ts';

/**
 * `kubectl ir playbook run NAME --case CASE`: leads through a playbook from the step that is next in the case, whoever did
 * those before. Exit 3 while steps are left.
 */
export const command = defineCommand({
  flags: {
    case: {
      type: 'string',
      summary: 'the case that it is for (default $KUBECTL_IR_CASE)',
      placeholder: 'DIR',
    },
    from: { type: 'string', summary: 'go on at this step, whatever was done', placeholder: 'STEP' },
    pod: {
      type: 'string',
      summary: 'fills {{pod}} (default: the pod that the case isolated)',
      placeholder: 'NAME',
    },
    node: {
      type: 'string',
      summary: 'fills {{node}} (default: the node that the case collected from)',
      placeholder: 'NAME',
    },
    ...planFlags,
  },
  afterInterrupt:
    'to see what is still in the cluster: kubectl ir status; the same playbook run continues with the next step',
  complete: (words, { case: dir = '', ...flags }, { io, global }) => {
    const place = dir === '' ? (io.env['KUBECTL_IR_CASE'] ?? '') : dir;
    if (place === '') throw new UsageError('playbook run records what is done in a case; add --case DIR');
    return {
      name: playbookWord('playbook run', words),
      dir: resolve(place),
      from: flags.from,
      plan: flags.plan,
      filling: {
        ...objectName('pod', flags.pod),
        ...objectName('node', flags.node),
        ...objectName('namespace', global.namespace),
      },
    };
  },
  run: async ({ name, dir, from, plan: given, filling }, context) => {
    const again = { ...filling, ...(given === undefined ? {} : { plan: given }) };
    const { name: caseName } = await readCaseStatus(dir);
    const { plan } = await requirePlan(context.io, given);
    const playbook = playbookCalled(plan, name);
    const first = from === undefined ? undefined : stepCalled(playbook, from).id;
    await createProgress(context.io).note('Case', caseName);
    return new PlaybookRun(context, {
      ...{ playbook, dir, filling },
      again: flagsText(again) + whereText(context.global),
    }).lead(first);
  },
});

function flagsText(flags: Readonly<Record<string, string>>): string {
  return Object.entries(flags)
    .map(([name, value]) => ` --${name} ${quotedWord(value)}`)
    .join('');
}

function objectName<K extends string>(flag: K, text: string | undefined): Partial<Record<K, string>> {
  if (text === undefined) return {};
  if (!isObjectName(text)) throw new UsageError(`--${flag} needs a name of a ${flag}, not "${text}"`);
  return { [flag]: text } as Partial<Record<K, string>>;
}
