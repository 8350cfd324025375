import type { Api } from '../cluster/api.ts';
import type { Collector } from '../collector/collector.ts';
import type { ProbePods } from '../collector/probe-pods.ts';
import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { within } from '../output/within.ts';
import { actMs, Acting } from './acting.ts';
import type { NodeSide } from './acts/act.ts';
import { placedWith } from './acts/acts.ts';
import { waitingCut } from './acts/waiting-cut.ts';
import { begin, type IsolateOptions } from './begin.ts';
import { stoppedError } from './failure.ts';
import type { Isolation } from './isolation.ts';
import { isolationOf } from './isolation-result.ts';
import { judgementText } from './judge.ts';
import { isAnothers } from './ledger.ts';
import { type Level, limitsOf } from './level.ts';
import { lookAtNode } from './node-look.ts';
import { removeInside, removeRoutes, unloadTables } from './node-side.ts';
import { openMeasurement, type OpenedMeasurement } from './opened-measurement.ts';
import type { IsolationPlan } from './plan.ts';
import { beforeSeconds, Proof, type Standing } from './proof.ts';
import { watch } from './watch.ts';
import { isolateWithoutNode } from './without-node.ts';

/** What enforces policies takes up a new one with some delay. Where the link is not cut, only what passes after that is a leak. */
const policyMs = 2_000;

/** How long after the command we still wait for probe pods. Then the cut goes on without them, rather than wait for the proof. */
const podsMs = 2_000;

/** We wait this long at least from when the collector is ready: if that had to wait for an image, so did they. */
const graceMs = 500;

/**
 * How long from the start of an isolation its cut waits for the acts before it, which a slow API server may hold up. With 5 s for
 * volatile evidence, a response thus begins to cut within 10 s of its collector. The cut always waits for the record and for what
 * is asked of the node itself.
 */
const beforeCutMs = 4_000;

/** Everything one isolation carries along. */
interface Run {
  readonly api: Api;
  readonly io: Io;
  readonly plan: IsolationPlan;
  readonly collector: Collector;
  readonly options: IsolateOptions;
  readonly acting: Acting;
  /** By `io.monotonic()`: from then on the cut waits for no act before it. */
  readonly cutBy: number;
}

/**
 * Carries out a plan and proves it: counts flows, performs the acts, counts the flows again. The record is in the cluster before
 * the first act. A pod that can't be found on its node is isolated by the API alone.
 *
 * When it is stopped, by an interrupt or a failure, it throws InterruptedError or OperationError. Before the first act everything
 * is taken back; after it, what was done and its record stay in place, and the error says what that is.
 */
export async function isolate(
  api: Api,
  io: Io,
  planned: IsolationPlan,
  collector: Collector,
  options: IsolateOptions,
): Promise<Isolation> {
  const opened = await openMeasurement(collector, options.pods, beforeSeconds);
  try {
    return await isolateWith(api, io, planned, collector, { ...options, opened });
  } finally {
    opened.cancel();
  }
}

async function isolateWith(
  api: Api,
  io: Io,
  planned: IsolationPlan,
  collector: Collector,
  { opened, ...options }: IsolateOptions & { readonly opened: OpenedMeasurement },
): Promise<Isolation> {
  const { subject } = planned;
  const podsUntil = Math.max(options.started + podsMs, io.monotonic() + graceMs);
  const cutBy = io.monotonic() + beforeCutMs;
  const acting = new Acting(api, io, subject, options);
  const node = await lookAtNode(collector, subject, options.signal).catch(unusable(options.signal));
  if (typeof node === 'string') return isolateWithoutNode(api, io, planned, node, options);
  const plan = { ...planned, actions: planned.actions.map((action) => placedWith(action, node)) };
  const run: Run = { api, io, plan, collector, options, acting, cutBy };
  const { level } = node;
  if (level !== undefined) await options.progress.note('Level', levelText(level, node));
  await begin(api, io, plan, acting, options);
  let proof: Proof | undefined;
  try {
    const pods = await podsInTime(run, podsUntil);
    proof = new Proof({ ...node, subject, peers: plan.peers, pods, opened });
    const isolation = await carryOut(run, node, proof);
    await acting.keep(isolation.verification.verdict);
    await acting.custody(isolation.verification.verdict, { isolation });
    if (options.watch === undefined) {
      pods.done?.();
      await options.reached?.(isolation);
    } else await watch(io, acting, proof, { isolation, standing: standingOf(acting, node), options });
    return isolation;
  } catch (error) {
    throw await stoppedError(api, plan, acting, options, error, (signal) =>
      clearNode(collector, subject.uid, signal),
    );
  } finally {
    await removeCounters(run, proof);
  }
}

/** The reason why the node can't be used; throws an interrupt or a bug. */
function unusable(signal: AbortSignal): (error: unknown) => string {
  return (error) => {
    if (signal.aborted || !(error instanceof OperationError)) throw error;
    return error.message;
  };
}

function levelText(level: Level, { link, rules }: NodeSide): string {
  const limits = limitsOf(level, link, rules.ports.length > 0);
  return [level, ...limits.map((text) => `can't hold ${text}`)].join('; ');
}

/** The probe pods that are ready in time. */
async function podsInTime({ io, options }: Run, until: number): Promise<ProbePods> {
  const { pods, progress, signal } = options;
  if (pods === undefined) return { gaps: [] };
  const waiting = io.monotonic();
  const left = Math.max(0, until - waiting);
  const found = await pods(io.sleep(left, signal));
  const nodes = [found.near, found.far].flatMap((pod) => (pod === undefined ? [] : [pod.node]));
  const text = nodes.length === 0 ? 'none in time' : `on ${nodes.join(' and ')}`;
  await progress.step('probes', text, io.monotonic() - waiting, nodes.length === 2 ? 'done' : 'part');
  return found;
}

/** Measures which flows work, while the exec for the cut is being opened; then performs the acts and proves them. */
async function carryOut(run: Run, looked: NodeSide, proof: Proof): Promise<Isolation> {
  const { plan, options, acting } = run;
  const cuts = plan.actions.some(({ kind }) => kind === 'cut');
  const waiting = cuts ? waitingCut(looked) : undefined;
  const node = waiting === undefined ? looked : { ...looked, waiting };
  try {
    await proof.measure(options.signal);
    const cut = plan.actions.findIndex(({ kind }) => kind === 'cut');
    for (const [index, action] of plan.actions.entries()) {
      options.signal.throwIfAborted();
      await acting.perform(action, node, index < cut ? run.cutBy : undefined);
    }
  } finally {
    waiting?.cancel();
  }
  for (const one of plan.leftOut) await acting.leaveOut(one);
  const standing = standingOf(acting, node);
  if (standing.cut === undefined) await run.io.sleep(policyMs, options.signal);
  const started = run.io.monotonic();
  const proven = await proof.judge(standing, options.signal);
  const ended = run.io.monotonic();
  await options.progress.step(
    'verify',
    judgementText(proven),
    ended - started,
    proven.verdict === 'HOLDS' ? 'done' : 'part',
  );
  for (const gap of proven.gaps) await options.progress.warn(gap);
  await acting.settle();
  const replacement = await acting.replacement;
  if (replacement !== undefined) {
    await options.progress.note(
      'Replaced',
      `by pod/${replacement.name}, ready after ${replacement.seconds.toFixed(1)}s`,
    );
  }
  return isolationOf(plan, acting, {
    level: standing.cut,
    proven,
    started: options.started,
    ended,
    replacement,
    collectorNamespace: options.collectorNamespace,
    where: options.where,
  });
}

function standingOf(acting: Acting, node: NodeSide): Standing {
  return { cut: acting.did('cut') ? node.level : undefined, inside: acting.did('inside') };
}

/**
 * Removes the counters, which never outlive the command, and what an act that failed may have left on the node all the same. Where
 * the isolation was begun by an earlier run, that stays, as its record tells of it; where another run has taken over, nothing is
 * touched.
 */
async function removeCounters({ api, acting, collector, plan, options }: Run, proof?: Proof): Promise<void> {
  const { uid } = plan.subject;
  const signal = within(actMs);
  const failed = acting.results.filter((one) => one.outcome === 'failed').map((one) => one.kind);
  try {
    if (await isAnothers(api, acting.record, signal)) return;
    await proof?.close(signal);
    if (plan.unfinished !== undefined) return;
    if (acting.cutAt === undefined) await clearNode(collector, uid, signal);
    if (failed.includes('inside')) await removeInside(collector, uid, ['inside'], signal);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    await options.progress.warn(`${error.message}; kubectl ir release removes them`);
  }
}

async function clearNode(collector: Collector, uid: string, signal: AbortSignal): Promise<void> {
  await removeRoutes(collector, uid, signal);
  if (collector.tools.has('nft')) await unloadTables(collector, uid, ['cut', 'count', 'mark'], signal);
}
