import type { Api } from '../cluster/api.ts';
import { getObjectOrUndefined } from '../cluster/apply.ts';
import type { Pod } from '../cluster/objects.ts';
import type { Collector } from '../collector/collector.ts';
import { SilentNodeError } from '../collector/silent-node.ts';
import type { Act } from '../evidence/custody-line.ts';
import { ApiError, InterruptedError, OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import type { Progress } from '../output/progress.ts';
import { within } from '../output/within.ts';
import type { RecordedPod, Undoing } from './acts/act.ts';
import { type ActionKind, nodeKinds, undoAct, undoneAnyway, undoOrder } from './acts/acts.ts';
import { undoCommand } from './isolation.ts';
import { removeRecord } from './ledger.ts';
import { podUidLabel } from './names.ts';
import type { FoundRecord, IsolationRecord } from './record.ts';
import { changePod, podRef } from './relabel.ts';

export interface ReleaseOptions {
  readonly collectorNamespace: string;
  /** Flags that lead to the same cluster, as the end of a command line. */
  readonly where?: string;
  /** True to give the pod back to its owner and its Services; otherwise it stays detached. */
  readonly giveBack: boolean;
  /** What others have changed since the isolation, for the custody chain. */
  readonly drift?: readonly string[];
  /** Runs something with a collector on a node. Only called when rules of ours may be there. */
  readonly onNode: <T>(node: string, use: (collector: Collector) => Promise<T>) => Promise<T>;
  readonly custody?: (act: Act) => Promise<void>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What a release did. */
export interface Release {
  readonly apiVersion: 'kubectl-ir/v1';
  readonly kind: 'Release';
  readonly pod: RecordedPod;
  readonly steps: readonly { readonly name: string; readonly done: boolean; readonly detail: string }[];
  /** True when nothing of the isolation is left and its record was removed. */
  readonly complete: boolean;
}

const removalMs = 30_000;

interface Run {
  readonly api: Api;
  readonly io: Io;
  readonly record: IsolationRecord;
  readonly options: ReleaseOptions;
  readonly steps: { name: string; done: boolean; detail: string }[];
  /** Steps that failed because the kubelet of the node does not answer. */
  readonly silent: Set<string>;
  /** The step that first failed for each reason, in words: an API server that is gone ends each step by an error of its own. */
  readonly told: Map<string, string>;
}

/**
 * Undoes an isolation from its record, whichever of its acts were done, in an order that does not harm the service (`undoOrder`).
 * Verifies that all of it is gone, then removes the record. When something can't be undone, the result says so and the record
 * stays. Throws InterruptedError when interrupted.
 */
export async function release(
  api: Api,
  io: Io,
  found: FoundRecord,
  options: ReleaseOptions,
): Promise<Release> {
  const run: Run = { api, io, record: found.record, options, steps: [], silent: new Set(), told: new Map() };
  const { pod } = found.record;
  try {
    return await undo(run, found);
  } catch (error) {
    if (!options.signal.aborted) throw error;
    const done = run.steps.filter((one) => one.done).map((one) => one.name);
    throw new InterruptedError(
      `release of pod "${pod.name}" was interrupted; ${done.length === 0 ? 'no step' : `step ${done.join(', ')}`} was finished, the record stays`,
      { advice: `run it again: ${undoCommand(pod, options.where)}`, cause: error },
    );
  }
}

async function undo(run: Run, found: FoundRecord): Promise<Release> {
  const { api, options } = run;
  const { pod } = found.record;
  const live = await getObjectOrUndefined<Pod>(api, podRef(pod), options.signal);
  const present = live?.metadata?.uid === pod.uid ? live : undefined;
  await custody(run, 'started', { present: present !== undefined, drift: options.drift ?? [] });
  for (const kind of undoOrder) {
    const recorded = found.record.acts.find((one) => one.kind === kind);
    if (recorded === undefined && !undoneAnyway.includes(kind)) continue;
    const undo = (): Promise<string> => {
      if (kind === 'detach' && options.giveBack) refuseWhileOpen(run, 'labels are not given back');
      if (kind === 'guard' && present !== undefined) refuseWhileOpen(run, 'guards stay on the pod');
      return undoAct(kind, recorded, undoing(run, found, kind));
    };
    const spare = recorded === undefined && nodeKinds.includes(kind);
    await step(run, kind, () => (spare ? ifReachable(run, kind, undo) : undo()));
  }
  const undone = (): boolean => run.steps.every((one) => one.done);
  if (undone()) await step(run, 'mark', () => unmark(run));
  const complete = undone();
  if (complete) {
    // No interrupt may stop this: a record of nothing would be left, or we would say that the record stays when it is gone.
    await removeRecord(
      api,
      options.collectorNamespace,
      pod.uid,
      within(removalMs, 'the record is not removed'),
    );
  }
  await custody(run, complete ? 'done' : 'partial', { steps: run.steps });
  return { apiVersion: 'kubectl-ir/v1', kind: 'Release', pod, steps: run.steps, complete };
}

/**
 * Throws OperationError when an earlier step is not done. With its labels back, a pod that is still cut would get requests of its
 * Services, as it is ready for the kubelet; without guards, somebody could delete it.
 */
function refuseWhileOpen({ steps, silent, record }: Run, what: string): void {
  const open = steps.filter((one) => !one.done).map((one) => one.name);
  if (open.length === 0) return;
  const { node } = record.pod;
  throw new OperationError(`${what}, because ${open.join(', ')} could not be undone`, {
    // To delete a Node does harm: nothing else that keeps us from a node is a reason for it.
    advice: open.some((name) => silent.has(name))
      ? `run release again when that is mended; if node ${node} will never answer again, first: kubectl delete node ${node}`
      : 'run release again when that is mended',
  });
}

/** Runs one step; an expected failure is noted, so that the other steps are still done. */
async function step(run: Run, name: string, work: () => Promise<string>): Promise<void> {
  run.options.signal.throwIfAborted();
  const started = run.io.monotonic();
  let done = true;
  let detail: string;
  try {
    detail = await work();
  } catch (error) {
    run.options.signal.throwIfAborted();
    if (!(error instanceof OperationError)) throw error;
    done = false;
    if (error instanceof SilentNodeError) run.silent.add(name);
    detail = reasonOf(run, name, error);
  }
  note(run, name, done, detail);
  await run.options.progress.step(name, detail, run.io.monotonic() - started, done ? 'done' : 'fail');
}

/** For a step that is not in the record and only makes sure that nothing is on the node: one without a collector does not fail it. */
async function ifReachable(run: Run, name: string, undo: () => Promise<string>): Promise<string> {
  const { options, record } = run;
  try {
    return await undo();
  } catch (error) {
    if (options.signal.aborted || !(error instanceof OperationError)) throw error;
    return `not looked for on ${record.pod.node}, because the record tells of none: ${reasonOf(run, name, error)}`;
  }
}

/** What went wrong and what to do about it. A later step that fails for the same reason only names the first one. */
function reasonOf({ told }: Run, name: string, error: OperationError): string {
  const { message, advice } = error;
  const reason = advice === undefined ? message : `${message}; ${advice}`;
  const root = unreached(error) ?? reason;
  const before = told.get(root);
  if (before !== undefined) return `for the same reason as ${before}`;
  told.set(root, name);
  return reason;
}

/** Why the API server was not reached, where that is behind an error: whatever else each step has to tell, it is one reason. */
function unreached(error: unknown): string | undefined {
  if (error instanceof ApiError && error.status === 0) return error.message;
  return error instanceof Error ? unreached(error.cause) : undefined;
}

function note(run: Run, name: string, done: boolean, detail: string): void {
  run.steps.push({ name, done, detail });
}

function undoing(run: Run, { ticks }: FoundRecord, kind: ActionKind): Undoing {
  const { api, io, record, options } = run;
  const { giveBack, onNode, signal } = options;
  return { api, io, pod: record.pod, tick: ticks.get(kind), giveBack, onNode, signal };
}

/** Takes our label off the pod: the last thing of ours on it. */
async function unmark(run: Run): Promise<string> {
  const { api, record, options } = run;
  const live = await getObjectOrUndefined<Pod>(api, podRef(record.pod), options.signal);
  if (live?.metadata?.uid !== record.pod.uid)
    return `pod "${record.pod.name}" is gone, and our label with it`;
  await changePod(api, record.pod, { labels: { [podUidLabel]: null } }, options);
  return 'our label removed';
}

async function custody(run: Run, result: string, details: Readonly<Record<string, unknown>>): Promise<void> {
  const { namespace, name, uid } = run.record.pod;
  await run.options.custody?.({
    action: 'release',
    object: `pod/${name} in namespace ${namespace}`,
    result,
    details: { uid, ...details },
  });
}
