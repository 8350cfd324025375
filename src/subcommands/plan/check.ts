import { relative } from 'node:path';
import { checkPlan } from '../../incident/plan/check-plan.ts';
import { findPlan, readPlanFile } from '../../incident/plan/plan-file.ts';
import { exitCode, UsageError } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { terminalLine } from '../../output/line.ts';
import { printData } from '../../output/printer.ts';
import { defineCommand } from '../command.ts';
import { planFlags } from '../plan-flags.ts';
import { planCheck, verdictLine } from './check-output.ts';
import { calendarsOf } from './calendars.ts';

/**
 * `kubectl ir plan check [FILE]`: what hurts at three in the morning, each with its line. Exit 3 for warnings alone, 4 when
 * a part of the plan cannot work.
 */
export const command = defineCommand({
  flags: {
    ...planFlags,
    output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml'] },
  },
  complete: async (words, { plan, output }, { io }) => {
    const [word, ...more] = words;
    if (more.length > 0 || (word !== undefined && plan !== undefined))
      throw new UsageError('plan check takes one file, or none: kubectl ir plan check [FILE]');
    return { path: await findPlan(io, word ?? plan, '.'), output };
  },
  run: async ({ path, output }, { io, commands }) => {
    if (commands === undefined) throw new Error('plan check was given no commands to look up');
    const reading = await readPlanFile(path);
    const now = io.now().getTime();
    const calendars = await calendarsOf(reading, now);
    const problems = checkPlan(reading, { now, commands: await commands(), calendars });
    const shown = relative('.', path);
    const check = planCheck(shown.startsWith('..') ? path : shown, reading, problems, now);
    if (output === 'json' || output === 'yaml') await printData(io, check, output);
    else {
      for (const { line, column, severity, message, rule } of problems) {
        const place = [check.path, line, ...(column === undefined ? [] : [column])].join(':');
        await writeLine(io.stdout, terminalLine(`${place}: ${severity}: ${message} [${rule}]`));
      }
      await writeLine(io.stdout, terminalLine(verdictLine(check)));
    }
    return { CLEAN: exitCode.done, WEAK: exitCode.partial, BROKEN: exitCode.verification }[check.verdict];
  },
});
