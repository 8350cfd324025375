import { mayHoldCredentials } from '../../artifacts/sensitive.ts';
import type { Api } from '../../cluster/api.ts';
import { getObjectOrUndefined } from '../../cluster/apply.ts';
import { readyNode } from '../../cluster/node.ts';
import type { Pod } from '../../cluster/objects.ts';
import type { Collector } from '../../collector/collector.ts';
import { type CameTo, type Lend, workWith } from '../../collector/lent.ts';
import { chooseRecord } from '../../containment/chosen-record.ts';
import { driftOf } from '../../containment/drift.ts';
import type { Verdict } from '../../containment/judge.ts';
import { readRecord } from '../../containment/ledger.ts';
import { podUidLabel } from '../../containment/names.ts';
import { proveAgain } from '../../containment/prove-again.ts';
import type { FoundRecord } from '../../containment/record.ts';
import { podRef } from '../../containment/relabel.ts';
import type { Case } from '../../evidence/case.ts';
import type { Phase } from '../../evidence/phases.ts';
import { takeSnapshot } from '../../evidence/snapshot.ts';
import type { DiffSpool } from '../../filesystem/change-log.ts';
import { changesText } from '../../filesystem/present.ts';
import { formatCount } from '../../output/count.ts';
import { OperationError } from '../../output/errors.ts';
import type { Progress } from '../../output/progress.ts';
import { warnOf } from '../../output/warn.ts';
import type { CommandContext, FlagValues } from '../command.ts';
import { acquireDiff } from '../diff/diff-acquisition.ts';
import type { collectorFlags } from '../flags.ts';
import {
  acquire,
  type CollectorAndProbes,
  collectedOf,
  withCollectorAndProbes,
  withCollectorOn,
} from '../session.ts';
import { whereText } from '../where.ts';
import type { CasePod } from './about.ts';

/** What the second look is made with. */
export interface Looking {
  readonly api: Api;
  readonly context: CommandContext;
  readonly opened: Case;
  readonly flags: FlagValues<typeof collectorFlags>;
  readonly progress: Progress;
  readonly spool: DiffSpool;
}

/** How one isolation of the case stands; `open`: the pod is there, and its isolation is not. */
export interface IsolationNow {
  readonly pod: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly node: string;
  };
  readonly state: Verdict | 'gone' | 'released' | 'open' | 'not looked at';
  /** Why, a sentence each. */
  readonly reasons: readonly string[];
  /** What others changed of it since, a sentence each. */
  readonly drift: readonly string[];
}

/** A node that was looked at again, or why it was not. */
export interface NodeNow {
  readonly node: string;
  readonly why?: string;
  /** Pods on it whose containers were to be compared, and why one was not. */
  readonly pods: readonly { readonly namespace: string; readonly name: string; readonly why?: string }[];
}

/** Looks at one isolation of the case: is it there, does it hold, did anybody change it. */
export async function lookAtIsolation(
  looking: Looking,
  { uid, history }: CasePod,
): Promise<IsolationNow | undefined> {
  if (history === undefined) return undefined;
  const { api, context, progress } = looking;
  const { io, signal } = context;
  const { pod } = history.record;
  const started = io.monotonic();
  const told = async (
    state: IsolationNow['state'],
    reasons: readonly string[],
    drift: readonly string[] = [],
  ): Promise<IsolationNow> => {
    const good = ['HOLDS', 'gone', 'released'].includes(state);
    const text = `pod/${pod.name} ${state}${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`;
    await progress.step('isolation', text, io.monotonic() - started, good ? 'done' : 'part');
    return { pod, state, reasons, drift };
  };
  try {
    const live = await getObjectOrUndefined<Pod>(api, podRef(pod), signal);
    if (live?.metadata?.uid !== uid) return await told('gone', await leftOf(looking, uid));
    if (history.released !== undefined) return await told('released', [`released at ${history.released}`]);
    const found = await standingRecord(looking, history.written, live);
    if (found === undefined) return await told('open', ['its record and our label are not there any more']);
    const drift = await driftOf(api, found, signal);
    const { result: proven, left } = await prove(looking, live, found, history.worked);
    await warnOf(left, progress);
    const why = [...proven.leaks.map(({ flow, why: cause }) => `${flow}: ${cause}`), ...proven.reasons];
    return await told(proven.verdict, why, drift);
  } catch (error) {
    return await told('not looked at', [reasonOf(error, signal)]);
  }
}

/** What an isolation leaves behind a pod that was deleted without a release. */
async function leftOf({ api, context, flags }: Looking, uid: string): Promise<string[]> {
  const record = await readRecord(api, flags['collector-namespace'], uid, context.signal);
  return record === undefined
    ? []
    : [`its record is left; take it away with: kubectl ir release ${uid}${whereText(context.global, flags)}`];
}

/** The record of an isolation; undefined where neither it nor our label on the pod is left. */
async function standingRecord(
  { api, context, flags }: Looking,
  spare: unknown,
  live: Pod,
): Promise<FoundRecord | undefined> {
  const collectorNamespace = flags['collector-namespace'];
  const where = {
    namespace: live.metadata?.namespace ?? '',
    collectorNamespace,
    spare,
    signal: context.signal,
  };
  const uid = live.metadata?.uid ?? '';
  if (live.metadata?.labels?.[podUidLabel] === uid) return chooseRecord(api, uid, where);
  return undefined;
}

function prove(
  { api, context, flags, opened }: Looking,
  live: Pod,
  found: FoundRecord,
  worked: ReadonlySet<string>,
): Promise<CameTo<Awaited<ReturnType<typeof proveAgain>>>> {
  const about = { subject: found.record.pod, caseName: opened.name };
  const lend: Lend<CollectorAndProbes> = (use) => withCollectorAndProbes(api, context, flags, about, use);
  return workWith(lend, async ({ collector, pods }) => {
    const options = { collector, pods: await pods(), worked, signal: context.signal };
    return proveAgain(api, context.io, live, found, options);
  });
}

/** Takes a node's evidence once more, and compares pods on it with their images; each into an acquisition of its own. */
export async function lookAgain(
  looking: Looking,
  node: string,
  pods: readonly Pod[],
  phases: readonly Phase[],
): Promise<NodeNow> {
  const { api, context, flags, opened, progress } = looking;
  const { io, signal } = context;
  const started = io.monotonic();
  const done = new Map<Pod, string | undefined>();
  let why: string | undefined;
  try {
    await readyNode(api, node, signal);
    const about = { node, caseName: opened.name };
    const lend: Lend<Collector> = (use) => withCollectorOn(api, context, flags, about, use);
    const { left } = await workWith(lend, async (collector) => {
      const options = { phases, again: true };
      const start = { kind: 'node', target: node, node, options, sensitive: mayHoldCredentials };
      const { result, summary } = await acquire(opened, start, collector, async (acquisition) =>
        collectedOf(await takeSnapshot(api, io, { node, collector, acquisition, phases, signal })),
      );
      const whole = result.incomplete.length === 0;
      if (!whole) why = `not all of it came: ${result.incomplete.join('; ')}`;
      const text = `${node}: ${why ?? formatCount(summary.items, 'item')}`;
      await progress.step('node', text, io.monotonic() - started, whole ? 'done' : 'part');
      for (const pod of pods) done.set(pod, await compare(looking, collector, pod));
    });
    await warnOf(left, progress);
  } catch (error) {
    why = reasonOf(error, signal);
    await progress.step('node', `${node}: ${why}`, io.monotonic() - started, 'fail');
  }
  return {
    node,
    ...(why === undefined ? {} : { why }),
    pods: pods.map((pod) => {
      const { namespace = '', name = '' } = pod.metadata ?? {};
      const lack = done.has(pod) ? done.get(pod) : (why ?? 'the collector ended before');
      return { namespace, name, ...(lack === undefined ? {} : { why: lack }) };
    }),
  };
}

/** Compares one pod; why it could not be, where it could not. */
async function compare(
  { context, opened, progress, spool }: Looking,
  collector: Parameters<typeof acquireDiff>[1],
  pod: Pod,
): Promise<string | undefined> {
  const { io, signal } = context;
  const started = io.monotonic();
  const name = pod.metadata?.name ?? '';
  try {
    const diff = await acquireDiff(opened, collector, pod, {
      containers: [],
      content: true,
      again: true,
      spool,
      signal,
    });
    await progress.step('diff', `${name}: ${changesText(diff)}`, io.monotonic() - started);
    return undefined;
  } catch (error) {
    const why = reasonOf(error, signal);
    await progress.step('diff', `${name}: ${why}`, io.monotonic() - started, 'fail');
    return why;
  }
}

/** The words of an expected failure; an interrupt and a bug go on. */
function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted || !(error instanceof OperationError)) throw error;
  return error.message;
}
