import type { Api } from '../cluster/api.ts';
import {
  type ChosenRecords,
  recordsOfCase,
  recordsOfNode,
  recordsOfSelector,
} from '../containment/chosen-records.ts';
import { driftOf } from '../containment/drift.ts';
import { tell } from '../containment/present.ts';
import { nameOf } from '../containment/present-group.ts';
import type { FoundRecord } from '../containment/record.ts';
import { detachedFacts, releaseTable } from '../containment/release-facts.ts';
import { type ReleaseEnd, releaseTogether } from '../containment/release-together.ts';
import { exitCode, OperationError } from '../output/errors.ts';
import { writeLine } from '../output/io.ts';
import { printData } from '../output/printer.ts';
import { createProgress } from '../output/progress.ts';
import { warnOf } from '../output/warn.ts';
import type { CommandContext } from './command.ts';
import { confirmName, confirmNumber } from './confirm.ts';
import { named } from './contain-group.ts';
import { sayRelease, type ReleasePlan, withOpened } from './release-plan.ts';
import { undoRights } from './rights/acts.ts';
import { requireRights, withCollectorOn } from './session.ts';
import { whereText } from './where.ts';

/** Releases several pods: what is said of each, one question, one table. Returns the exit code. */
export async function releaseGroup(api: Api, context: CommandContext, plan: ReleasePlan): Promise<number> {
  const { found, unusable } = await recordsOf(api, context, plan);
  const { io, signal } = context;
  const { choice, flags: values } = plan;
  const progress = createProgress(io);
  for (const why of unusable) await progress.warn(why);
  if (found.length === 0) {
    throw new OperationError('nothing of what was named is isolated', {
      advice: 'list what is isolated with: kubectl ir status',
    });
  }
  const collectorNamespace = values['collector-namespace'];
  const drifts = new Map<FoundRecord, readonly string[]>();
  for (const one of found) {
    const { acts, pod } = one.record;
    const places = { namespace: pod.namespace, collectorNamespace };
    await requireRights(api, context, 'release', places, undoRights(acts, places));
    const drift = await driftOf(api, one, signal);
    drifts.set(one, drift);
    const known = choice.by === 'case' ? choice.known.find(({ uid }) => uid === pod.uid) : undefined;
    await sayRelease(one, drift, known, plan, progress);
  }
  if (values['dry-run'] !== 'none') return exitCode.done;
  if (!values.yes) {
    if (choice.by === 'node') await confirmName(io, 'Release this node?', choice.node, signal);
    else await confirmNumber(io, `Release these ${found.length} pods?`, found.length, signal);
  }
  return withOpened(api, context, plan, found[0]?.record.pod.name ?? '', async (opened) => {
    const caseName = opened === undefined ? {} : { caseName: opened.name };
    const { ends, left } = await releaseTogether(api, io, found, {
      collectorNamespace,
      where: whereText(context.global, values),
      giveBack: values.return,
      driftOf: (one) => drifts.get(one) ?? [],
      onNode: (node, use) => withCollectorOn(api, context, values, { ...caseName, node }, use),
      ...(opened === undefined ? {} : { custody: (line) => opened.custody.append(line) }),
      progress,
      progressOf: ({ record }) => named(progress, nameOf(record.pod)),
      signal,
    });
    await answerAll(ends, plan, context);
    for (const end of ends)
      if (!values.return && isReleased(end)) await tell(progress, detachedFacts(end.found.record));
    for (const one of left) await warnOf(one, progress);
    const whole = left.length === 0 && ends.every(isReleased);
    return whole && (choice.by === 'case' || unusable.length === 0) ? exitCode.done : exitCode.partial;
  });
}

function isReleased(end: ReleaseEnd): boolean {
  return 'done' in end && end.done.complete;
}

async function answerAll(
  ends: readonly ReleaseEnd[],
  { flags: { output } }: ReleasePlan,
  { io }: CommandContext,
): Promise<void> {
  if (output === 'json' || output === 'yaml') {
    const items = ends.flatMap((end) => ('done' in end ? [end.done] : []));
    const failed = ends.flatMap((end) =>
      'failure' in end ? [{ pod: end.found.record.pod, why: end.failure }] : [],
    );
    await printData(io, { apiVersion: 'kubectl-ir/v1', kind: 'ReleaseList', items, failed }, output);
  } else if (output === 'name') {
    for (const { found } of ends) await writeLine(io.stdout, `pod/${found.record.pod.name}`);
  } else await writeLine(io.stdout, releaseTable(ends));
}

function recordsOf(
  api: Api,
  { signal }: CommandContext,
  { choice, flags: values }: ReleasePlan,
): Promise<ChosenRecords> {
  const where = { namespace: api.namespace, collectorNamespace: values['collector-namespace'], signal };
  switch (choice.by) {
    case 'word':
      throw new Error('one pod is no group');
    case 'case':
      return recordsOfCase(api, choice.known, where);
    case 'node':
      return recordsOfNode(api, choice.node, where);
    case 'selector':
      return recordsOfSelector(api, choice.selector, where);
  }
}
