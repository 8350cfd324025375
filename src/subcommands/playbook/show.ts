import { resolve } from 'node:path';
import { readCaseStatus } from '../../evidence/case-status.ts';
import { readCourse } from '../../incident/case-course.ts';
import type { StepRecord } from '../../incident/course.ts';
import { exitCode } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { createProgress } from '../../output/progress.ts';
import { renderTable } from '../../output/table.ts';
import { defineCommand } from '../command.ts';
import { planFlags } from '../plan-flags.ts';
import { requirePlan } from '../plan-in-use.ts';
import { playbookCalled, playbookWord, stepWords } from './called.ts';

/** `kubectl ir playbook show NAME`: its steps, and with a case what became of each. */
export const command = defineCommand({
  flags: {
    case: {
      type: 'string',
      summary: 'what was done of it in this case (default $KUBECTL_IR_CASE)',
      placeholder: 'DIR',
    },
    ...planFlags,
  },
  complete: (words, { case: dir, plan }, { io }) => {
    const given = dir ?? io.env['KUBECTL_IR_CASE'];
    return {
      name: playbookWord('playbook show', words),
      plan,
      dir: given === undefined || given === '' ? undefined : resolve(given),
    };
  },
  run: async ({ name, plan: given, dir }, { io }) => {
    const { plan } = await requirePlan(io, given);
    const playbook = playbookCalled(plan, name);
    const records = dir === undefined ? [] : await recordsOf(dir);
    await createProgress(io).note('Title', playbook.title);
    const rows = playbook.steps.map((step) => {
      const last = records.findLast((record) => record.playbook === playbook.id && record.step === step.id);
      const state = last === undefined ? '' : `${last.outcome} ${last.time} ${last.by}`;
      return [step.id, step.phase, step.by ?? '', ...(dir === undefined ? [] : [state]), stepWords(step)];
    });
    const headers = ['STEP', 'PHASE', 'BY', ...(dir === undefined ? [] : ['STATE']), 'WHAT'];
    await writeLine(io.stdout, renderTable(headers, rows));
    return exitCode.done;
  },
});

async function recordsOf(dir: string): Promise<readonly StepRecord[]> {
  await readCaseStatus(dir);
  return (await readCourse(dir)).course.steps;
}
