import { nearestName } from '../../cluster/nearest.ts';
import { loadPlan, usablePlan } from '../../incident/plan/plan-file.ts';
import type { Plan } from '../../incident/plan/plan.ts';
import { formatCount } from '../../output/count.ts';
import { exitCode, OperationError, UsageError } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { printData } from '../../output/printer.ts';
import { createProgress } from '../../output/progress.ts';
import { quotedWord } from '../../output/shell-word.ts';
import { defineCommand } from '../command.ts';
import { planFlags } from '../plan-flags.ts';
import { entryTable, type PlanKind, planKinds, planTable } from './show-output.ts';

/** As one says it for one: `person` for `people`. */
const singular: Readonly<Record<string, PlanKind>> = {
  person: 'people',
  team: 'teams',
  area: 'areas',
  rota: 'rotas',
  severity: 'severities',
  line: 'lines',
  chain: 'escalation',
  threat: 'threats',
  playbook: 'playbooks',
  decision: 'decisions',
};

/** `kubectl ir plan show [KIND [ID]]`: the plan as tables. Exit 3 when a part of it could not be read. */
export const command = defineCommand({
  flags: {
    ...planFlags,
    output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml'] },
  },
  choices: { KIND: planKinds },
  complete: (words, { plan, output }) => {
    const [kind, id, ...more] = words.flatMap((word, i) => (i === 0 ? word.split('/') : [word]));
    if (more.length > 0)
      throw new UsageError('plan show takes a kind and an id: kubectl ir plan show [KIND [ID]]');
    return { kind: kind === undefined ? undefined : kindOf(kind), id, file: plan, output };
  },
  run: async ({ kind, id, file, output }, { io }) => {
    const reading = await loadPlan(io, file, '.');
    const plan = usablePlan(reading);
    const shown = kind === undefined ? plan : id === undefined ? listOf(plan, kind) : entryOf(plan, kind, id);
    if (output === 'json' || output === 'yaml') await printData(io, shown, output);
    else if (kind === undefined)
      for (const [i, one] of planKinds.filter((name) => plan[name].length > 0).entries())
        await writeLine(io.stdout, `${i === 0 ? '' : '\n'}${one.toUpperCase()}\n${planTable(plan, one)}`);
    else
      await writeLine(
        io.stdout,
        id === undefined ? planTable(plan, kind) : entryTable(entryOf(plan, kind, id)),
      );
    const errors = reading.problems.filter(({ severity }) => severity === 'error').length;
    if (errors === 0) return exitCode.done;
    await createProgress(io).warn(
      `${formatCount(errors, 'error')} in ${reading.path}; entries that have one are not shown. See: kubectl ir plan check ${quotedWord(reading.path)}`,
    );
    return exitCode.partial;
  },
});

function kindOf(word: string): PlanKind {
  const kind = planKinds.find((one) => one === word) ?? singular[word];
  if (kind !== undefined) return kind;
  const near = nearestName(word, [...planKinds, ...Object.keys(singular)]);
  throw new UsageError(
    `a plan has no "${word}"${near === undefined ? '' : `; nearest: ${near}`}\nkinds: ${planKinds.join(', ')}`,
  );
}

function listOf(plan: Plan, kind: PlanKind): object {
  return { apiVersion: 'kubectl-ir/v1', kind: 'PlanPart', part: kind, items: plan[kind] };
}

function entryOf(plan: Plan, kind: PlanKind, id: string): object {
  const entries: readonly object[] = plan[kind];
  const nameOf = (entry: object): unknown =>
    'id' in entry ? entry.id : 'move' in entry ? entry.move : undefined;
  const found = entries.find((entry) => nameOf(entry) === id);
  if (found !== undefined) return found;
  const near = nearestName(
    id,
    entries.map((entry) => String(nameOf(entry))),
  );
  throw new OperationError(
    `the plan has no ${id} among its ${kind}${near === undefined ? '' : `; nearest: ${near}`}`,
  );
}
