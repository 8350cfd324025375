import type { Api } from '../cluster/api.ts';
import type { Pod } from '../cluster/objects.ts';
import { type Selection, selectionText, selectPods } from '../cluster/selection.ts';
import { validatePlan } from '../containment/dry-run.ts';
import { type GroupPlan, planTogether } from '../containment/look-together.ts';
import type { MayNot, Wishes } from '../containment/plan.ts';
import { tell } from '../containment/present.ts';
import { type GroupEnd, groupFacts, groupTable, nameOf } from '../containment/present-group.ts';
import { refuseUnfit } from '../containment/refusal.ts';
import { isOurs, refuseLastControlPlane } from '../containment/whole-node.ts';
import { formatCount } from '../output/count.ts';
import { exitCode, OperationError, UsageError } from '../output/errors.ts';
import { writeLine } from '../output/io.ts';
import { printData } from '../output/printer.ts';
import { createProgress } from '../output/progress.ts';
import { quotedWord } from '../output/shell-word.ts';
import { warnOf } from '../output/warn.ts';
import type { CommandContext, FlagValues } from './command.ts';
import { confirmName, confirmNumber } from './confirm.ts';
import { containGroup } from './contain-group.ts';
import type { caseFlags, changeFlags, collectorFlags } from './flags.ts';
import { lackedRights } from './lacked-rights.ts';
import { core } from './rights/acts.ts';
import { withCase } from './session.ts';
import { whereText } from './where.ts';
import type { isolationFlags } from './wishes.ts';

/** Several pods to isolate, and how. */
export interface GroupWishes {
  readonly selection: Selection;
  readonly flags: FlagValues<
    typeof caseFlags & typeof changeFlags & typeof collectorFlags & typeof isolationFlags
  > & { readonly output: string | undefined };
  readonly wishes: Wishes;
  /** When the command was given, by `io.monotonic()`. */
  readonly started: number;
}

/**
 * Isolates several pods as one: one plan, one question, one case, one table. Pods that can't or should not be cut are listed and
 * left; of a node that is as it should be, of any other choice it makes the result partial. Returns the exit code.
 */
export async function isolateGroup(api: Api, context: CommandContext, group: GroupWishes): Promise<number> {
  const { io, signal } = context;
  const { selection, flags, wishes } = group;
  if (wishes.cutIdentity !== undefined && wishes.cutIdentity !== 'token') {
    throw new UsageError(
      `--cut-identity=${wishes.cutIdentity} is for every pod of an account; isolate one of them with it`,
    );
  }
  const progress = createProgress(io);
  const plan = await planGroup(api, context, group);
  const { plans, left } = plan;
  if (flags['dry-run'] !== 'none') return dryRun(api, plan, group, context);
  await tell(progress, groupFacts(plan));
  if (plans.length === 0) throw new OperationError(`none of the ${selectionText(selection)} can be cut`);
  if (!flags.yes) {
    const question = `Isolate ${plans.length === 1 ? 'this pod' : `these ${plans.length} pods`}?`;
    if (selection.by === 'node') await confirmName(io, 'Isolate this node?', selection.name, signal);
    else await confirmNumber(io, question, plans.length, signal);
  }
  const where = whereText(context.global, flags);
  return withCase(api, context, { dir: flags.case, target: targetOf(selection) }, async (opened) => {
    const evenIf = flags['even-if'];
    const { ends, left: ours } = await containGroup(api, context, plans, flags, {
      collectorNamespace: flags['collector-namespace'],
      where,
      started: group.started,
      caseName: opened.name,
      caseDir: opened.dir,
      ...(evenIf === undefined ? {} : { evenIf }),
      custody: (line) => opened.custody.append(line),
      progress,
      signal,
    });
    await answer(ends, plan, group, context);
    // Before anything else that an interrupt or the server may end.
    await progress.note('Case', opened.dir);
    await progress.note('Undo', `kubectl ir release ${quotedWord(opened.dir)}${where}`);
    const came = await comeSince(api, plan, group, signal);
    for (const pod of came) {
      await progress.warn(`pod/${nameOf(pod)} came to node ${targetOf(selection)} since and is not cut`);
    }
    for (const one of ours) await warnOf(one, progress);
    return groupCode(ends, came.length + ours.length + (selection.by === 'node' ? 0 : left.length));
  });
}

/** Throws OperationError when the user may not record what is done to the pods. */
async function planGroup(api: Api, context: CommandContext, group: GroupWishes): Promise<GroupPlan> {
  const { io, signal } = context;
  const { selection, flags, wishes } = group;
  const wholeNode = selection.by === 'node';
  if (wholeNode) await refuseLastControlPlane(api, selection.name, signal);
  const pods = (await selectPods(api, selection, signal)).filter((pod) => !isOurs(pod));
  const collectorNamespace = flags['collector-namespace'];
  const wanted: Wishes = wholeNode ? { ...wishes, wholeNode, cordon: true } : wishes;
  const mayNot = await mayNotIn(api, context, pods, collectorNamespace, wanted);
  const evenIf = flags['even-if'];
  return planTogether(api, pods, {
    ...wanted,
    collectorNamespace,
    mayNot: (namespace) => mayNot.get(namespace) ?? new Map(),
    ...(evenIf === undefined ? {} : { evenIf }),
    now: io.now(),
    signal,
  });
}

/**
 * What may not be done in each namespace; nothing is asked of those whose pods are all left, whatever may be done to them. Throws
 * OperationError when the user may not record what is done in one of the others.
 */
async function mayNotIn(
  api: Api,
  context: CommandContext,
  pods: readonly Pod[],
  collectorNamespace: string,
  wishes: Wishes,
): Promise<ReadonlyMap<string, MayNot>> {
  const namespaces = [...new Set(pods.filter(isFit).map(({ metadata }) => metadata?.namespace ?? ''))];
  const found = await Promise.all(
    namespaces.map(async (namespace) => {
      const places = { namespace, collectorNamespace };
      const asked = { command: 'isolate', required: core(places), wishes, places } as const;
      return [namespace, await lackedRights(api, context, asked)] as const;
    }),
  );
  return new Map(found);
}

function isFit(pod: Pod): boolean {
  try {
    refuseUnfit(pod, undefined);
    return true;
  } catch (error) {
    if (error instanceof OperationError) return false;
    throw error;
  }
}

async function dryRun(
  api: Api,
  plan: GroupPlan,
  { flags }: GroupWishes,
  { io, signal }: CommandContext,
): Promise<number> {
  const lines: string[] = [];
  if (flags['dry-run'] === 'server') {
    for (const one of plan.plans) lines.push(...(await validatePlan(api, one, signal)));
  }
  if (flags.output === 'json' || flags.output === 'yaml') {
    const items = plan.plans.map(({ subject, actions, service, stops, serves, warnings, outlook }) => ({
      ...{ subject, actions, service, stops, serves, warnings, outlook },
    }));
    const data = { apiVersion: 'kubectl-ir/v1', kind: 'IsolationPlanList', items, left: plan.left };
    await printData(io, data, flags.output);
    return exitCode.done;
  }
  await tell(createProgress({ ...io, stderr: io.stdout }), groupFacts(plan));
  for (const line of lines) await writeLine(io.stdout, line);
  return exitCode.done;
}

/** Pods that came to a node while it was isolated, although it is cordoned. */
async function comeSince(
  api: Api,
  { plans, left }: GroupPlan,
  { selection }: GroupWishes,
  signal: AbortSignal,
): Promise<{ readonly namespace: string; readonly name: string }[]> {
  if (selection.by !== 'node') return [];
  const known = new Set([...plans.map(({ subject }) => nameOf(subject)), ...left.map(nameOf)]);
  const pods = (await selectPods(api, selection, signal)).filter((pod) => !isOurs(pod));
  return pods
    .map(({ metadata }) => ({ namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' }))
    .filter((pod) => !known.has(nameOf(pod)));
}

async function answer(
  ends: readonly GroupEnd[],
  { left }: GroupPlan,
  { flags: { output } }: GroupWishes,
  { io }: CommandContext,
): Promise<void> {
  if (output === 'json' || output === 'yaml') {
    const failed = ends.flatMap((end) =>
      'failure' in end
        ? [{ namespace: end.plan.subject.namespace, name: end.plan.subject.name, why: end.failure }]
        : [],
    );
    const items = ends.flatMap((end) => ('isolation' in end ? [end.isolation] : []));
    await printData(io, { apiVersion: 'kubectl-ir/v1', kind: 'IsolationList', items, failed, left }, output);
  } else if (output === 'name') {
    for (const { plan } of ends) await writeLine(io.stdout, `pod/${plan.subject.name}`);
  } else {
    await writeLine(io.stdout, groupTable(ends, left));
    const holding = ends.filter(
      (end) => 'isolation' in end && end.isolation.verification.verdict === 'HOLDS',
    );
    await writeLine(
      io.stderr,
      `${holding.length} of ${formatCount(ends.length + left.length, 'pod')} isolated and shown to hold`,
    );
  }
}

/** LEAKS of any is a failed verification; one that failed or is not shown to hold, or anything that was left, makes it partial. */
export function groupCode(ends: readonly GroupEnd[], missing: number): number {
  const isolations = ends.flatMap((end) => ('isolation' in end ? [end.isolation] : []));
  if (isolations.some(({ verification }) => verification.verdict === 'LEAKS')) return exitCode.verification;
  if (isolations.length === 0) return exitCode.failed;
  const whole = isolations.every(
    ({ verification, actions }) =>
      verification.verdict === 'HOLDS' && actions.every(({ outcome }) => outcome === 'done'),
  );
  return whole && isolations.length === ends.length && missing === 0 ? exitCode.done : exitCode.partial;
}

/** What the case is called after. */
function targetOf(selection: Selection): string {
  switch (selection.by) {
    case 'owner':
      return selection.target.name;
    case 'node':
    case 'account':
      return selection.name;
    case 'image':
      return selection.digest.slice('sha256:'.length, 'sha256:'.length + 12);
    case 'selector':
      return 'selected';
  }
}
