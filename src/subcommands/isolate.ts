import type { Api } from '../cluster/api.ts';
import type { Target } from '../cluster/target.ts';
import type { Isolation } from '../containment/isolation.ts';
import type { IsolationPlan, Wishes } from '../containment/plan.ts';
import { type Fact, planFacts, tell, verdictText } from '../containment/present.ts';
import { refuseStops } from '../containment/refusal.ts';
import { unfinishedText } from '../containment/unfinished.ts';
import type { Case } from '../evidence/case.ts';
import { exitCode, UsageError } from '../output/errors.ts';
import { writeLine } from '../output/io.ts';
import { printData } from '../output/printer.ts';
import { createProgress, type Progress } from '../output/progress.ts';
import { warnOf } from '../output/warn.ts';
import { type Choice, choiceFlags, choiceOf } from './choice.ts';
import { type CommandContext, defineCommand, type FlagValues } from './command.ts';
import { confirmName, requireConsent } from './confirm.ts';
import { contain } from './contain.ts';
import { caseFlags, changeFlags, collectorFlags } from './flags.ts';
import { isolateGroup } from './isolate-group.ts';
import { isolationFlags, wishesOf } from './wishes.ts';
import { planOne, showPlan } from './one-plan.ts';
import { withApi, withCase } from './session.ts';
import { whereText } from './where.ts';

const flags = {
  ...caseFlags,
  ...collectorFlags,
  ...changeFlags,
  ...isolationFlags,
  ...choiceFlags,
  watch: { type: 'boolean', short: 'w', summary: 'go on proving, and say when the verdict changes' },
  output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml', 'name'] },
} as const;

interface Plan {
  readonly choice: Choice;
  readonly flags: FlagValues<typeof flags>;
  readonly wishes: Wishes;
  /** When the command was given, by `io.monotonic()`. */
  readonly started: number;
}

/** `kubectl ir isolate POD`, or several: contains pods and proves it. */
export const command = defineCommand({
  flags,
  complete: (words, values, { io }): Plan => {
    const choice = choiceOf(words, values);
    if ('selection' in choice && values.watch) throw new UsageError('--watch takes one pod');
    requireConsent(io, 'isolate', values);
    return { choice, flags: values, wishes: wishesOf(values), started: io.begun ?? io.monotonic() };
  },
  run: (plan, context) =>
    withApi(context, (api) =>
      'selection' in plan.choice
        ? isolateGroup(api, context, { ...plan, selection: plan.choice.selection })
        : isolateOne(api, context, plan.choice.target, plan),
    ),
});

async function isolateOne(api: Api, context: CommandContext, target: Target, plan: Plan): Promise<number> {
  const { io, signal } = context;
  const progress = createProgress(io);
  const collectorNamespace = plan.flags['collector-namespace'];
  const where = whereText(context.global, plan.flags);
  const { isolation } = await planOne(api, context, {
    ...{ command: 'isolate', target, wishes: plan.wishes, collectorNamespace, where },
  });
  if (plan.flags['dry-run'] !== 'none') return showPlan(api, isolation, plan.flags, context);
  const { unfinished } = isolation;
  if (unfinished !== undefined) await progress.note('Record', unfinishedText(unfinished));
  await tell(progress, planFacts(isolation));
  refuseStops(isolation, plan.flags['even-if']);
  if (!plan.flags.yes) await confirmName(io, 'Isolate this pod?', isolation.subject.name, signal);
  return act(api, isolation, plan, context, progress);
}

function act(
  api: Api,
  isolation: IsolationPlan,
  plan: Plan,
  context: CommandContext,
  progress: Progress,
): Promise<number> {
  const { signal } = context;
  const { subject } = isolation;
  let told = false;
  const reached = async (isolation: Isolation): Promise<void> => {
    told = true;
    await answer(isolation, plan, context);
  };
  return withCase(api, context, { dir: plan.flags.case, target: subject.name }, async (opened) => {
    const evenIf = plan.flags['even-if'];
    const { result: done, left } = await contain(api, context, isolation, plan.flags, {
      collectorNamespace: plan.flags['collector-namespace'],
      where: whereText(context.global, plan.flags),
      started: plan.started,
      caseName: opened.name,
      ...(evenIf === undefined ? {} : { evenIf }),
      ...(plan.flags.watch ? { watch: (now) => watched(now, plan, context, progress) } : { reached }),
      custody: (line) => opened.custody.append(line),
      progress,
      signal,
    });
    if (!told) await answer(done, plan, context);
    await tell(progress, lastFacts(done, opened));
    await warnOf(left, progress);
    return codeOf(done, left === undefined);
  });
}

/** A verdict while the isolation is watched, with the time it was reached at. */
async function watched(
  isolation: Isolation,
  plan: Plan,
  context: CommandContext,
  progress: Progress,
): Promise<void> {
  await progress.note('At', context.io.now().toISOString());
  await answer(isolation, plan, context);
}

async function answer(isolation: Isolation, plan: Plan, { io }: CommandContext): Promise<void> {
  const { output } = plan.flags;
  if (output === 'json' || output === 'yaml') await printData(io, isolation, output);
  else if (output === 'name') await writeLine(io.stdout, `pod/${isolation.pod.name}`);
  else await writeLine(io.stdout, verdictText(isolation));
}

function lastFacts(isolation: Isolation, opened: Case): Fact[] {
  return [
    { label: 'Case', text: opened.dir },
    { label: 'Undo', text: isolation.undo.command },
  ];
}

/** LEAKS is a failed verification; UNVERIFIED, an act that could not be done, or a collector that is left, is partial. */
function codeOf({ verification, actions }: Isolation, tidy: boolean): number {
  if (verification.verdict === 'LEAKS') return exitCode.verification;
  const whole = tidy && actions.every((action) => action.outcome === 'done');
  return verification.verdict === 'HOLDS' && whole ? exitCode.done : exitCode.partial;
}
