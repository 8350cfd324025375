import { resolve } from 'node:path';
import type { Api } from '../../cluster/api.ts';
import { deleteObject } from '../../cluster/apply.ts';
import { readCaseRecord } from '../../evidence/case.ts';
import { noCaseAt } from '../../evidence/case-record.ts';
import { recordInCase } from '../../incident/case-course.ts';
import { taskAct } from '../../incident/course-acts.ts';
import { nextTask } from '../../incident/course-of.ts';
import { exitCode, UsageError } from '../../output/errors.ts';
import { type Io, writeLine } from '../../output/io.ts';
import { terminalLine } from '../../output/line.ts';
import { printData } from '../../output/printer.ts';
import { createProgress, type Progress } from '../../output/progress.ts';
import { quotedWord } from '../../output/shell-word.ts';
import { renderTable } from '../../output/table.ts';
import { oneLine } from '../case-word.ts';
import { proposalsOf } from '../clean/proposals.ts';
import { type Removed, removeObjects } from '../clean/removal.ts';
import {
  type CleanTarget,
  controllerOf,
  findObjects,
  mirrorText,
  parseObjects,
  refuseTarget,
} from '../clean/target.ts';
import { type CommandContext, defineCommand, type FlagValues } from '../command.ts';
import { confirmName, confirmNumber, requireConsent } from '../confirm.ts';
import { changeFlags, collectorFlags } from '../flags.ts';
import { withApi, withCase } from '../session.ts';
import { judgeAcquisitions } from '../verify-fix/found.ts';
import { whereText } from '../where.ts';

const flags = {
  'collector-namespace': collectorFlags['collector-namespace'],
  ...changeFlags,
  'even-if': {
    type: 'string',
    summary: 'why an object of the cluster itself is removed nevertheless; goes on record',
    placeholder: 'REASON',
  },
  output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml', 'name'] },
} as const;

interface Plan {
  readonly dir: string;
  readonly wanted: ReturnType<typeof parseObjects>;
  readonly flags: FlagValues<typeof flags>;
}

/**
 * `kubectl ir case clean CASE [TYPE/NAME ...]`: removes what an intruder left in the API, saved before and watched after. Exit 4 when
 * something came back, 3 when something could not be removed.
 */
export const command = defineCommand({
  flags,
  complete: (words, values, { io }): Plan => {
    const [dir = io.env['KUBECTL_IR_CASE'] ?? '', ...objects] = words;
    if (dir === '')
      throw new UsageError('case clean takes a case first: kubectl ir case clean CASE [TYPE/NAME ...]');
    const wanted = parseObjects(objects);
    if (wanted.length > 0) requireConsent(io, 'case clean', values);
    oneLine('even-if', values['even-if']);
    return { dir, wanted, flags: values };
  },
  run: async (plan, context) => {
    const { dir, wanted } = plan;
    if ((await readCaseRecord(dir)) === undefined) throw noCaseAt(resolve(dir));
    if (wanted.length === 0) return propose(plan, context);
    return withApi(context, (api) => clean(api, plan, context));
  },
});

/** Without objects nothing in the cluster is touched: what the findings point at is told, and what only people can do is a task. */
async function propose({ dir, flags: values }: Plan, context: CommandContext): Promise<number> {
  const { io, signal } = context;
  const { output } = values;
  const { findings } = await judgeAcquisitions(resolve(dir), () => true, dir, signal);
  const { objects, byHand } = proposalsOf(findings);
  if (byHand.length > 0 && values['dry-run'] === 'none') await recordTasks(context, dir, byHand);
  if (output === 'json' || output === 'yaml') {
    const told = { apiVersion: 'kubectl-ir/v1', kind: 'CleaningProposals', case: dir, objects, byHand };
    await printData(io, told, output);
    return exitCode.done;
  }
  const rows = objects.map(({ object, namespace, rules }) => [object, namespace, rules.join(' ')]);
  if (rows.length > 0) await writeLine(io.stdout, renderTable(['OBJECT', 'NAMESPACE', 'FOUND BY'], rows));
  for (const one of byHand) await writeLine(io.stdout, `by hand: ${one}`);
  const progress = createProgress(io);
  if (rows.length + byHand.length === 0)
    await progress.note('Found', 'no grave finding points at anything to remove');
  const word = quotedWord(dir);
  await progress.note(
    'Next',
    `kubectl ir case clean ${word} TYPE/NAME -n NAMESPACE${whereText(context.global, values)}; look for more that was made at the time: kubectl ir timeline ${word}`,
  );
  return exitCode.done;
}

async function clean(api: Api, plan: Plan, context: CommandContext): Promise<number> {
  const { io, signal } = context;
  const { flags: values, dir } = plan;
  const progress = createProgress(io);
  const found = await findObjects(api, plan.wanted, signal);
  const where = whereText(context.global, values);
  for (const target of found) refuseTarget(target, values['collector-namespace'], values['even-if'], where);
  const mirrors = found.flatMap((target) => mirrorText(target) ?? []);
  const targets = found.filter((target) => mirrorText(target) === undefined);
  await sayPlan(progress, targets, mirrors);
  if (values['dry-run'] !== 'none') return dryRun(api, targets, values['dry-run'], context);
  if (targets.length > 0 && !values.yes) await ask(io, targets, signal);
  const removed =
    targets.length === 0
      ? []
      : await withCase(api, context, { dir, target: '', create: true }, (opened) => {
          const reason = values['even-if'];
          return removeObjects(
            { api, io, opened, signal, ...(reason === undefined ? {} : { reason }) },
            targets,
          );
        });
  if (mirrors.length > 0) await recordTasks(context, dir, mirrors);
  await answer(io, dir, removed, mirrors, values.output);
  if (removed.some(({ outcome }) => outcome === 'returned')) return exitCode.verification;
  const whole = mirrors.length === 0 && removed.every(({ outcome }) => outcome === 'deleted');
  return whole ? exitCode.done : exitCode.partial;
}

async function sayPlan(
  progress: Progress,
  targets: readonly CleanTarget[],
  mirrors: readonly string[],
): Promise<void> {
  const uids = new Set(targets.map(({ uid }) => uid));
  for (const { text, ref, uid, object } of targets) {
    const where = ref.namespace === undefined ? '' : ` in namespace ${ref.namespace}`;
    await progress.note('Remove', `${text}${where}, uid ${uid}`);
    const controller = controllerOf(object);
    if (controller !== undefined && !uids.has(controller.uid))
      await progress.warn(`${text} is made by ${controller.text}, which will make it again; name that too`);
  }
  for (const one of mirrors) await progress.note('By hand', one);
}

async function ask(io: Io, targets: readonly CleanTarget[], signal: AbortSignal): Promise<void> {
  const [only, ...more] = targets;
  if (only !== undefined && more.length === 0)
    await confirmName(io, 'Remove this object?', only.ref.name, signal);
  else await confirmNumber(io, 'Remove these objects?', targets.length, signal);
}

async function dryRun(
  api: Api,
  targets: readonly CleanTarget[],
  how: string,
  { io, signal }: CommandContext,
): Promise<number> {
  for (const { ref, uid, text } of targets) {
    if (how === 'server') await deleteObject(api, ref, { uid, dryRun: true, signal });
    await writeLine(
      io.stdout,
      terminalLine(`${text} deleted (${how === 'server' ? 'server dry run' : 'dry run'})`),
    );
  }
  return exitCode.done;
}

/** What only people can do becomes tasks of the case, each once. */
async function recordTasks(
  { io, signal }: CommandContext,
  dir: string,
  texts: readonly string[],
): Promise<void> {
  await recordInCase(io, dir, signal, ({ tasks }) => {
    const safe = texts.map((text) => terminalLine(text));
    const fresh = safe.filter((text) => !tasks.some((task) => task.text === text && task.done === undefined));
    return fresh.map((text, index) => taskAct({ id: nextTask(tasks) + index, text }));
  });
}

async function answer(
  io: Io,
  dir: string,
  removed: readonly Removed[],
  byHand: readonly string[],
  output: string | undefined,
): Promise<void> {
  if (output === 'json' || output === 'yaml') {
    await printData(
      io,
      { apiVersion: 'kubectl-ir/v1', kind: 'Cleaning', case: dir, items: removed, byHand },
      output,
    );
  } else if (output === 'name') {
    for (const { object, outcome } of removed)
      if (outcome === 'deleted') await writeLine(io.stdout, terminalLine(object));
  } else if (removed.length > 0) {
    const rows = removed.map(({ object, namespace = '', outcome, why = '' }) => [
      outcome,
      object,
      namespace,
      why,
    ]);
    await writeLine(io.stdout, renderTable(['OUTCOME', 'OBJECT', 'NAMESPACE', 'WHY'], rows));
  }
}
