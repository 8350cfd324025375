import { createHash } from 'node:crypto';
import type { Api } from '../cluster/api.ts';
import type { Collector } from '../collector/collector.ts';
import type { ProbePods } from '../collector/probe-pods.ts';
import { InterruptedError, OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { actMs, Acting, type ActingOptions } from './acting.ts';
import type { NodeSide } from './acts/act.ts';
import { placedWith } from './acts/acts.ts';
import { type Isolation, undoCommand } from './isolation.ts';
import { judgementText } from './judge.ts';
import { removeRecord, writeRecord } from './ledger.ts';
import { type Level, limitsOf } from './level.ts';
import { lookAtNode } from './node-look.ts';
import { removeInside, removeRoutes, unloadTables } from './node-side.ts';
import { objectName } from './names.ts';
import type { IsolationPlan } from './plan.ts';
import { restartBudget } from './probes.ts';
import { afterSeconds, Proof, type Proven } from './proof.ts';
import { recordOf } from './record.ts';
import type { Replacement } from './replacement.ts';

export interface IsolateOptions extends ActingOptions {
  /** `io.monotonic()` when the command was given. */
  readonly started: number;
  readonly caseName?: string;
  /** Why the pod is cut although more than its own traffic stops; goes on record. */
  readonly evenIf?: string;
  /** Pods to make tries from and to, as soon as they run. */
  readonly pods?: Promise<ProbePods>;
}

/** How long probe pods are waited for when everything else is ready: the cut does not wait for the proof. */
const podsMs = 1_500;

/** Everything one isolation carries along. */
interface Run {
  readonly api: Api;
  readonly io: Io;
  readonly plan: IsolationPlan;
  readonly collector: Collector;
  readonly options: IsolateOptions;
  readonly acting: Acting;
}

/**
 * Carries out a plan and proves it: flows counted, cut, denied, detached, flows counted again.
 * The record is in the cluster before the first act. Stopped before the cut is in place it takes everything back; stopped
 * later it leaves what stands, with its record, and says so. Throws InterruptedError or OperationError in those cases.
 */
export async function isolate(
  api: Api,
  io: Io,
  planned: IsolationPlan,
  collector: Collector,
  options: IsolateOptions,
): Promise<Isolation> {
  const { subject } = planned;
  const acting = new Acting(api, io, subject, options);
  const node = await lookAtNode(collector, subject, options.signal);
  const plan = { ...planned, actions: planned.actions.map((action) => placedWith(action, node)) };
  const run: Run = { api, io, plan, collector, options, acting };
  const { level } = node;
  if (level !== undefined) await options.progress.note('Level', levelText(level, node));
  const record = recordOf(plan, {
    created: io.now(),
    ...(options.caseName === undefined ? {} : { case: options.caseName }),
  });
  const text = JSON.stringify(record);
  await acting.custody('planned', {
    record,
    sha256: createHash('sha256').update(text).digest('hex'),
    ...(plan.stops.length === 0 ? {} : { stops: plan.stops, evenIf: options.evenIf ?? '' }),
  });
  await writeRecord(api, record, options.collectorNamespace, AbortSignal.timeout(actMs));
  const proof = new Proof({ ...node, subject, peers: plan.peers, pods: await podsInTime(run) });
  try {
    const isolation = await carryOut(run, node, proof);
    await acting.custody(isolation.verification.verdict, { isolation });
    return isolation;
  } catch (error) {
    throw await afterFailure(run, error);
  } finally {
    await removeCounters(run, proof);
  }
}

function levelText(level: Level, { link, rules }: NodeSide): string {
  const limits = limitsOf(level, link, rules.ports.length > 0);
  return [level, ...limits.map((text) => `can't hold ${text}`)].join('; ');
}

/** The probe pods, when they are there in time. */
function podsInTime({ io, options }: Run): Promise<ProbePods> {
  const late = io
    .sleep(podsMs, options.signal)
    .then(() => ({ gaps: ['no try from probe pods: they were not ready in time'] }));
  return Promise.race([options.pods ?? Promise.resolve({ gaps: [] }), late]);
}

async function carryOut(run: Run, node: NodeSide, proof: Proof): Promise<Isolation> {
  const { plan, options, acting } = run;
  await proof.measure(options.signal);
  for (const action of plan.actions) {
    options.signal.throwIfAborted();
    await acting.perform(action, node);
  }
  const started = run.io.monotonic();
  const standing = { cut: acting.did('cut') ? node.level : undefined, inside: acting.did('inside') };
  const proven = await proof.judge(standing, options.signal);
  const ended = run.io.monotonic();
  for (const gap of proven.gaps) await options.progress.warn(gap);
  const replacement = await acting.replacement;
  if (replacement !== undefined) {
    await options.progress.note(
      'Replaced',
      `by pod/${replacement.name}, ready after ${replacement.seconds.toFixed(1)}s`,
    );
  }
  await options.progress.step(
    'verify',
    judgementText(proven),
    ended - started,
    proven.verdict === 'HOLDS' ? 'done' : 'part',
  );
  return result(run, { level: standing.cut, proven, ended, replacement });
}

function result(
  run: Run,
  end: {
    readonly level: Level | undefined;
    readonly proven: Proven;
    readonly ended: number;
    readonly replacement: Replacement | undefined;
  },
): Isolation {
  const { plan, options, acting } = run;
  const { level, proven, replacement } = end;
  const { subject } = plan;
  const { cutAt } = acting;
  const since = (at: number): number => Math.round(at - options.started) / 1000;
  const budget = restartBudget(subject.probes);
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'Isolation',
    pod: { namespace: subject.namespace, name: subject.name, uid: subject.uid, node: subject.node },
    actions: acting.results,
    clock: {
      ...(budget === undefined ? {} : { restartBudget: budget }),
      ...(cutAt === undefined ? {} : { cut: since(cutAt) }),
      verdict: since(end.ended),
      ...(replacement === undefined ? {} : { replacement: replacement.seconds }),
    },
    level: level ?? 'policy',
    verification: {
      verdict: proven.verdict,
      seconds: afterSeconds,
      checks: proven.checks,
      reasons: proven.reasons,
      gaps: proven.gaps,
    },
    leaks: proven.leaks,
    undo: {
      command: undoCommand(subject),
      record: `configmap/${objectName(subject.uid)} in namespace ${options.collectorNamespace}`,
    },
  };
}

/** Before the cut everything is taken back; after it what stands stays, because a half-isolated pod beats an open one. */
async function afterFailure(run: Run, error: unknown): Promise<unknown> {
  const { plan, collector, options, api, acting } = run;
  const { subject } = plan;
  const interrupted = options.signal.aborted;
  const what = interrupted
    ? 'was interrupted'
    : `stopped: ${error instanceof Error ? error.message : 'unknown error'}`;
  if (!interrupted && !(error instanceof OperationError)) return error;
  const give = (message: string, advice: string): OperationError =>
    interrupted
      ? new InterruptedError(message, { advice, cause: error })
      : new OperationError(message, { advice, cause: error });
  if (acting.standing.length > 0) {
    await acting.custody('stopped', { standing: acting.standing }).catch(() => undefined);
    return give(
      `isolation of pod "${subject.name}" ${what}; what still stands: ${acting.standing.join('; ')}`,
      `undo it, from any machine: ${undoCommand(subject)}`,
    );
  }
  try {
    const signal = AbortSignal.timeout(actMs);
    await clearNode(collector, subject.uid, signal);
    await removeRecord(api, options.collectorNamespace, subject.uid, signal);
    await acting.custody('taken back', {});
  } catch (failure) {
    return give(
      `isolation of pod "${subject.name}" ${what}, and taking it back failed: ${failure instanceof Error ? failure.message : ''}`,
      `undo it, from any machine: ${undoCommand(subject)}`,
    );
  }
  return give(
    `isolation of pod "${subject.name}" ${what}; nothing of it is left in the cluster`,
    'run it again',
  );
}

/** Counters never outlive the command; the marks stay with the cut that needs them. What may be there although its act failed goes too. */
async function removeCounters({ acting, collector, plan, options }: Run, proof: Proof): Promise<void> {
  const { uid } = plan.subject;
  const signal = AbortSignal.timeout(actMs);
  const failed = acting.results.filter((one) => one.outcome === 'failed').map((one) => one.kind);
  try {
    await proof.close(signal);
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
