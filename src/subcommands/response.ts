import { mayHoldCredentials } from '../artifacts/sensitive.ts';
import type { Api } from '../cluster/api.ts';
import type { Pod } from '../cluster/objects.ts';
import type { Collector } from '../collector/collector.ts';
import type { StartingPods } from '../collector/probe-pods.ts';
import type { IsolateOptions } from '../containment/begin.ts';
import { isolate } from '../containment/isolate.ts';
import type { Isolation } from '../containment/isolation.ts';
import type { IsolationPlan } from '../containment/plan.ts';
import type { Case } from '../evidence/case.ts';
import { type Phase, remainingPhases, triagePhases, volatilePhases } from '../evidence/phases.ts';
import { snapshotText, takeSnapshot } from '../evidence/snapshot.ts';
import type { SnapshotOptions, SnapshotSummary } from '../evidence/snapshot.ts';
import type { DiffSpool } from '../filesystem/change-log.ts';
import { blindLines, changesText } from '../filesystem/present.ts';
import type { PodDiff } from '../filesystem/pod-diff.ts';
import { formatCount } from '../output/count.ts';
import { InterruptedError, OperationError } from '../output/errors.ts';
import type { Progress } from '../output/progress.ts';
import type { CommandContext } from './command.ts';
import { acquireDiff } from './diff/diff-acquisition.ts';
import { acquire, collectedOf } from './session.ts';
import { subjectOf } from './snapshot/pod.ts';

/** Everything the stages of a response share, with a collector or without one. */
export interface ResponseRun {
  readonly api: Api;
  readonly context: CommandContext;
  readonly pod: Pod;
  readonly plan: IsolationPlan;
  readonly opened: Case;
  readonly collectorNamespace: string;
  /** Flags that lead to the cluster and its collectors, as the end of a command line to paste. */
  readonly where: string;
  readonly progress: Progress;
  /** Holds the changes of the diff until they were shown. */
  readonly spool: DiffSpool;
  /** `io.monotonic()` when the command was given. */
  readonly started: number;
  /** Why the pod is cut although more than its own traffic stops. */
  readonly evenIf: string | undefined;
  /** Told as soon as the pod is isolated, whatever happens afterwards. */
  readonly isolated: () => void;
}

/** The same with a collector on the pod's node. */
export interface NodeRun extends ResponseRun {
  readonly collector: Collector;
  /** Pods to make tries from and to. */
  readonly pods?: StartingPods;
}

/** What a response came to; a stage that failed is missing and named in `failures`. */
export interface Response {
  /** Why there was no collector. */
  readonly noCollector?: string;
  readonly volatile?: SnapshotSummary;
  readonly isolation?: Isolation;
  readonly diff?: PodDiff;
  /** What the API server has about the pod. */
  readonly pod?: SnapshotSummary;
  readonly node?: SnapshotSummary;
  /** What was not done or is not whole, a sentence each. */
  readonly failures: readonly string[];
}

/** Time for what is lost first; then the pod is cut off, whatever was collected. */
const volatileMs = 5_000;

/** What one stage came to, a line for people, and why it is not whole. */
export interface StageResult<T> {
  readonly result: T;
  readonly detail: string;
  readonly incomplete?: readonly string[];
}

/**
 * The stages of a response in their order: volatile evidence, isolation, what the containers changed, what the API has
 * about the pod, the rest of the node, with what the limit cut from the volatile evidence. A stage that fails, for want of room
 * on this machine too, is told and the next one is tried: containment does not wait for evidence, nor evidence for
 * containment. Throws what is no matter of one stage: an interrupt, a bug.
 */
export async function respondTo(run: NodeRun): Promise<Response> {
  const failures: string[] = [];
  const { uid } = run.plan.subject;
  const volatile = await stage(run, 'volatile', failures, () =>
    snapshot(run, 'volatile', volatilePhases, { executables: { only: uid }, limitMs: volatileMs }),
  );
  const isolation = await stage(run, 'isolate', failures, () => contain(run));
  if (isolation !== undefined) run.isolated();
  const diff = await stage(run, 'diff', failures, () => compare(run));
  const pod = await stage(run, 'pod', failures, () => podObjects(run));
  const whole = new Set(volatile?.phases.filter(({ complete }) => complete).map(({ phase }) => phase));
  const left = triagePhases.filter((phase) => remainingPhases.includes(phase) || !whole.has(phase));
  const node = await stage(run, 'node', failures, () =>
    snapshot(run, 'node', left, whole.has('executables') ? { executables: { except: uid } } : {}),
  );
  return {
    ...(volatile === undefined ? {} : { volatile }),
    ...(isolation === undefined ? {} : { isolation }),
    ...(diff === undefined ? {} : { diff }),
    ...(pod === undefined ? {} : { pod }),
    ...(node === undefined ? {} : { node }),
    failures,
  };
}

/** Runs one stage and tells how it ended; undefined for one that failed, which is added to `failures`. */
export async function stage<T>(
  { context: { io, signal }, progress }: ResponseRun,
  name: string,
  failures: string[],
  work: () => Promise<StageResult<T>>,
): Promise<T | undefined> {
  const started = io.monotonic();
  await progress.running(name, '');
  try {
    signal.throwIfAborted();
    const { result, detail, incomplete = [] } = await work();
    failures.push(...incomplete.map((reason) => `${name}: ${reason}`));
    await progress.step(name, detail, io.monotonic() - started, incomplete.length === 0 ? 'done' : 'part');
    return result;
  } catch (error) {
    const expected = error instanceof OperationError && !(error instanceof InterruptedError);
    if (signal.aborted || !expected) throw error;
    failures.push(`${name}: ${error.message}`);
    await progress.step(name, error.message, io.monotonic() - started, 'fail');
    return undefined;
  }
}

async function snapshot(
  run: NodeRun,
  kind: string,
  phases: readonly Phase[],
  options: Pick<SnapshotOptions, 'executables' | 'limitMs'>,
): Promise<StageResult<SnapshotSummary>> {
  const { api, context, collector, opened } = run;
  const node = run.plan.subject.node;
  const start = { kind, target: node, node, options: { phases, ...options }, sensitive: mayHoldCredentials };
  const { result, summary } = await acquire(opened, start, collector, async (acquisition) => {
    const snapshotOptions = { node, collector, acquisition, phases, signal: context.signal, ...options };
    return collectedOf(await takeSnapshot(api, context.io, snapshotOptions));
  });
  const detail = kind === 'volatile' ? snapshotText(result) : formatCount(summary.items, 'item');
  return { result, detail, incomplete: result.incomplete };
}

async function podObjects({
  api,
  context,
  plan,
  pod,
  opened,
}: ResponseRun): Promise<StageResult<SnapshotSummary>> {
  const { io, signal } = context;
  const { name, node } = plan.subject;
  const phases = ['cluster'] as const;
  const start = { kind: 'pod', target: name, node, options: { phases }, sensitive: mayHoldCredentials };
  const { result, summary } = await acquire(opened, start, undefined, async (acquisition) =>
    collectedOf(
      await takeSnapshot(api, io, {
        node,
        acquisition,
        phases,
        subject: { ...subjectOf(pod, []), pod },
        signal,
      }),
    ),
  );
  return { result, detail: formatCount(summary.items, 'item'), incomplete: result.incomplete };
}

async function contain(run: NodeRun): Promise<StageResult<Isolation>> {
  const { api, context, plan, collector, pods } = run;
  const options = { ...isolateOptions(run), ...(pods === undefined ? {} : { pods }) };
  const result = await isolate(api, context.io, plan, collector, options);
  const { verdict, reasons } = result.verification;
  const incomplete = [...undoneActs(result), ...(verdict === 'UNVERIFIED' ? reasons : [])];
  return { result, detail: verdict, incomplete };
}

/** How a response isolates. */
export function isolateOptions(run: ResponseRun): IsolateOptions {
  const { collectorNamespace, context, evenIf, opened, progress, started, where } = run;
  return {
    collectorNamespace,
    where,
    started,
    caseName: opened.name,
    ...(evenIf === undefined ? {} : { evenIf }),
    custody: (act) => opened.custody.append(act),
    progress: onlyTrouble(progress),
    signal: context.signal,
  };
}

/** Acts that were not done, or not whole, a sentence each. */
export function undoneActs({ actions }: Isolation): string[] {
  const undone = actions.filter(({ outcome }) => outcome !== 'done');
  return undone.map(({ kind, outcome, detail }) => `${kind} ${outcome}: ${detail}`);
}

async function compare(run: NodeRun): Promise<StageResult<PodDiff>> {
  const { context, pod, collector, opened } = run;
  const { signal } = context;
  const options = { containers: [], content: true, spool: run.spool, signal };
  const result = await acquireDiff(opened, collector, pod, options);
  return { result, detail: changesText(result), incomplete: blindLines(result) };
}

/** The steps inside a stage are told only when they went wrong; the stage tells the rest. */
export function onlyTrouble(progress: Progress): Progress {
  return {
    ...progress,
    step: (name, detail, milliseconds, state = 'done') =>
      state === 'done' ? Promise.resolve() : progress.step(name, detail, milliseconds, state),
    note: () => Promise.resolve(),
  };
}
