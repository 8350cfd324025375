import { exitCode, UsageError } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { printData } from '../../output/printer.ts';
import { createProgress } from '../../output/progress.ts';
import { renderTable } from '../../output/table.ts';
import { defineCommand } from '../command.ts';
import { planFlags } from '../plan-flags.ts';
import { requirePlan } from '../plan-in-use.ts';

/** `kubectl ir playbook list`: the playbooks of the plan, and what they are for. */
export const command = defineCommand({
  flags: {
    ...planFlags,
    output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml', 'name'] },
  },
  complete: (words, flags) => {
    if (words.length > 0)
      throw new UsageError('playbook list takes no name; one of them: kubectl ir playbook show NAME');
    return flags;
  },
  run: async ({ plan: given, output }, { io }) => {
    const { plan, path } = await requirePlan(io, given);
    const items = plan.playbooks.map((playbook) => ({
      ...playbook,
      threats: plan.threats.filter((threat) => threat.playbook === playbook.id).map(({ id }) => id),
    }));
    if (output === 'json' || output === 'yaml')
      await printData(io, { apiVersion: 'kubectl-ir/v1', kind: 'PlaybookList', items }, output);
    else if (output === 'name') for (const { id } of items) await writeLine(io.stdout, `playbook/${id}`);
    else if (items.length === 0) await createProgress(io).note('Plan', `${path} has no playbooks`);
    else
      await writeLine(
        io.stdout,
        renderTable(
          ['NAME', 'STEPS', 'THREATS', 'TITLE'],
          items.map(({ id, steps, threats, title }) => [id, `${steps.length}`, threats.join(', '), title]),
        ),
      );
    return exitCode.done;
  },
});
