import type { Api } from '../cluster/api.ts';
import { getObjectOrUndefined } from '../cluster/apply.ts';
import type { NetworkPolicy, Node, Pod, ReplicaSet } from '../cluster/objects.ts';
import { objectPath } from '../cluster/path.ts';
import { waitFor } from '../cluster/wait.ts';
import type { Collector } from '../collector/collector.ts';
import type { Act } from '../evidence/custody-line.ts';
import { InterruptedError, OperationError, PartialError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import type { Progress } from '../output/progress.ts';
import { undoCommand } from './isolation.ts';
import { removeRecord } from './ledger.ts';
import { deletionCostAnnotation, podUidLabel } from './names.ts';
import { unloadTables } from './node-side.ts';
import type { FoundRecord, IsolationRecord } from './record.ts';
import { changePod, podRef, policyRef, removePolicy } from './relabel.ts';
import { isReady, podsOf } from './replacement.ts';
import type { LabelSelector } from './selector.ts';
import { controllerOf } from './subject.ts';

export interface ReleaseOptions {
  readonly collectorNamespace: string;
  /** Runs something with a collector on a node; only called when rules may be there. */
  readonly onNode: <T>(node: string, use: (collector: Collector) => Promise<T>) => Promise<T>;
  readonly custody?: (act: Act) => Promise<void>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What a release did. */
export interface Release {
  readonly apiVersion: 'kubectl-ir/v1';
  readonly kind: 'Release';
  readonly pod: IsolationRecord['pod'];
  readonly steps: readonly { readonly name: string; readonly done: boolean; readonly detail: string }[];
  /** True when nothing of the isolation is left and its record was removed. */
  readonly complete: boolean;
}

/** The highest cost there is: of pods that are alike, the one with the lowest cost is deleted first. */
const highestCost = '2147483647';
const readyMs = 30_000;
const settleMs = 30_000;

interface Run {
  readonly api: Api;
  readonly io: Io;
  readonly record: IsolationRecord;
  readonly options: ReleaseOptions;
  readonly steps: { name: string; done: boolean; detail: string }[];
}

/**
 * Undoes an isolation from its record, whichever acts were done, in the order that keeps the service well: link, policy,
 * wait until ready, labels; verifies that all of it is gone, then removes the record. What cannot be undone is said, the
 * record then stays.
 * Labels come back together with the highest deletion cost, so that the ReplicaSet, which now has one pod too many, deletes
 * another; the annotation is put back exactly when the ReplicaSet has settled.
 */
export async function release(
  api: Api,
  io: Io,
  found: FoundRecord,
  options: ReleaseOptions,
): Promise<Release> {
  const run: Run = { api, io, record: found.record, options, steps: [] };
  const { pod } = found.record;
  try {
    return await undo(run, found);
  } catch (error) {
    if (!options.signal.aborted) throw error;
    const done = run.steps.filter((one) => one.done).map((one) => one.name);
    throw new InterruptedError(
      `release of pod "${pod.name}" was interrupted; ${done.length === 0 ? 'no step' : `step ${done.join(', ')}`} was finished, the record stays`,
      { advice: `run it again: ${undoCommand(pod)}`, cause: error },
    );
  }
}

async function undo(run: Run, found: FoundRecord): Promise<Release> {
  const { api, options } = run;
  const { pod } = found.record;
  const live = await getObjectOrUndefined<Pod>(api, podRef(pod), options.signal);
  const present = live?.metadata?.uid === pod.uid ? live : undefined;
  await custody(run, 'started', { present: present !== undefined });
  await step(run, 'link', () => openLink(run, found));
  await step(run, 'allow', () => removeDeny(run));
  if (present === undefined) {
    note(run, 'labels', true, `pod "${pod.name}" is gone, so it has no labels to give back`);
  } else {
    await step(run, 'labels', () => giveBack(run));
  }
  const complete = run.steps.every((one) => one.done);
  if (complete) await removeRecord(api, options.collectorNamespace, pod.uid, options.signal);
  await custody(run, complete ? 'done' : 'partial', { steps: run.steps });
  return { apiVersion: 'kubectl-ir/v1', kind: 'Release', pod, steps: run.steps, complete };
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
    detail = error.advice === undefined ? error.message : `${error.message}; ${error.advice}`;
  }
  note(run, name, done, detail);
  await run.options.progress.step(name, detail, run.io.monotonic() - started, done ? 'done' : 'fail');
}

function note(run: Run, name: string, done: boolean, detail: string): void {
  run.steps.push({ name, done, detail });
}

/**
 * Removes our rules from the node. Without nft that is only fine where the record says that none were placed, and
 * with it they are looked for whatever the record says.
 */
async function openLink(run: Run, { ticks }: FoundRecord): Promise<string> {
  const { api, record, options } = run;
  const { node, uid } = record.pod;
  const ref = { apiVersion: 'v1', resource: 'nodes', name: node };
  const there = await getObjectOrUndefined<Node>(api, ref, options.signal);
  if (there === undefined) return `node ${node} is gone, and its rules with it`;
  return options.onNode(node, async (collector) => {
    if (!collector.tools.has('nft')) {
      const placed = record.actions.includes('cut') && ticks.get('cut')?.startsWith('not placed') !== true;
      if (!placed) return 'no cut was placed, as the record says';
      throw new OperationError(
        `the collector image ${collector.identity.image} has no nft to remove the cut with`,
        { advice: 'give the image that isolate used: --collector-image' },
      );
    }
    await unloadTables(collector, uid, ['cut', 'count', 'mark'], options.signal);
    return `link open on ${node}; no rule of ours is left there`;
  });
}

async function removeDeny(run: Run): Promise<string> {
  const { api, io, record, options } = run;
  const ref = policyRef(record.pod);
  const policy = await getObjectOrUndefined<NetworkPolicy>(api, ref, options.signal);
  if (policy === undefined) return `no networkpolicy/${ref.name}`;
  if (policy.metadata?.labels?.[podUidLabel] !== record.pod.uid) {
    throw new OperationError(`networkpolicy/${ref.name} does not carry our label, so it is left alone`);
  }
  await removePolicy(api, record.pod, options.signal);
  await waitFor<NetworkPolicy>(api, io, {
    path: objectPath(ref),
    what: `networkpolicy/${ref.name} to be gone`,
    until: (object) => object === undefined,
    timeoutMs: 10_000,
    signal: options.signal,
  });
  return `networkpolicy/${ref.name} deleted`;
}

async function giveBack(run: Run): Promise<string> {
  const { api, record, options } = run;
  const { pod, labels } = record;
  const live = await getObjectOrUndefined<Pod>(api, podRef(pod), options.signal);
  if (live?.metadata?.uid !== pod.uid) return `pod "${pod.name}" is gone, so it has no labels to give back`;
  const now = live.metadata.labels ?? {};
  const missing = Object.entries(labels).filter(([key]) => !Object.hasOwn(now, key));
  const changed = Object.entries(labels).filter(
    ([key, value]) => Object.hasOwn(now, key) && now[key] !== value,
  );
  if (missing.length === 0 || controllerOf(live) !== undefined) {
    const back = { ...Object.fromEntries(missing), [podUidLabel]: null };
    await changePod(api, pod, { labels: back, annotations: costBack(record, live) }, options);
    return labelsText(Object.keys(labels), changed);
  }
  await refuseWhenUnwanted(run);
  await waitUntilReady(run);
  const back = { ...Object.fromEntries(missing), [podUidLabel]: null };
  const guarded = record.replicaSet !== undefined;
  await changePod(
    api,
    pod,
    { labels: back, ...(guarded ? { annotations: { [deletionCostAnnotation]: highestCost } } : {}) },
    options,
  );
  if (guarded) {
    await settle(run);
    const after = await getObjectOrUndefined<Pod>(api, podRef(pod), options.signal);
    if (after?.metadata?.uid !== pod.uid || after.metadata.deletionTimestamp !== undefined) {
      throw new OperationError(`pod "${pod.name}" was deleted after its labels were given back`, {
        advice: 'its owner wanted fewer pods; collect from the node what is left of it',
      });
    }
    await changePod(api, pod, { annotations: costBack(record, after) }, options);
  }
  return labelsText(Object.keys(labels), changed);
}

/** The annotation as it was; untouched when it holds neither our value nor ever did. */
function costBack(record: IsolationRecord, live: Pod): Record<string, string | null> {
  const now = live.metadata?.annotations?.[deletionCostAnnotation];
  return now === highestCost ? { [deletionCostAnnotation]: record.deletionCost ?? null } : {};
}

/** A ReplicaSet that wants no pod would delete this one at once. */
async function refuseWhenUnwanted(run: Run): Promise<void> {
  const owner = await ownerOf(run);
  if (owner === undefined || (owner.spec?.replicas ?? 1) > 0) return;
  throw new PartialError(
    `replicaset/${owner.metadata?.name ?? ''} wants no pods now and would delete this one at once; its labels stay aside`,
    { advice: 'delete the pod yourself when its evidence is safe, then run release again' },
  );
}

/** Not ready pods are deleted before ready ones, whatever their cost. */
async function waitUntilReady(run: Run): Promise<void> {
  const { api, io, record, options } = run;
  try {
    await waitFor<Pod>(api, io, {
      path: objectPath(podRef(record.pod)),
      what: `pod "${record.pod.name}" to be ready`,
      until: (pod) => pod === undefined || isReady(pod),
      timeoutMs: readyMs,
      signal: options.signal,
    });
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof OperationError)) throw error;
    throw new PartialError(
      `${error.message}; labels are not given back, because its owner would delete a pod that is not ready`,
      { advice: 'look why it is not ready, then run release again', cause: error },
    );
  }
}

/** Waits until the ReplicaSet has taken the pod back and has no pod too many. */
async function settle(run: Run): Promise<void> {
  const { api, io, record, options } = run;
  const { replicaSet, pod } = record;
  if (replicaSet === undefined || (await ownerOf(run)) === undefined) return;
  await waitFor<Pod>(api, io, {
    path: objectPath(podRef(pod)),
    what: `replicaset/${replicaSet.name} to take pod "${pod.name}" back`,
    until: (live) => live === undefined || controllerOf(live)?.uid === replicaSet.uid,
    timeoutMs: settleMs,
    signal: options.signal,
  });
  const end = io.monotonic() + settleMs;
  for (;;) {
    const owner = await ownerOf(run);
    if (owner === undefined) return;
    const selector = (owner.spec?.selector ?? {}) as LabelSelector;
    const pods = await podsOf(
      api,
      { namespace: pod.namespace, uid: replicaSet.uid, selector },
      options.signal,
    );
    if (pods.length <= (owner.spec?.replicas ?? 1)) return;
    if (io.monotonic() > end) {
      throw new OperationError(`replicaset/${replicaSet.name} still has a pod too many`, {
        advice: 'look what keeps it from deleting one, then run release again',
      });
    }
    await io.sleep(250, options.signal);
  }
}

async function ownerOf(run: Run): Promise<ReplicaSet | undefined> {
  const { replicaSet } = run.record;
  if (replicaSet === undefined) return undefined;
  const set = await getObjectOrUndefined<ReplicaSet>(
    run.api,
    replicaSetRef(run, replicaSet.name),
    run.options.signal,
  );
  return set?.metadata?.uid === replicaSet.uid ? set : undefined;
}

function replicaSetRef(run: Run, name: string): Parameters<typeof objectPath>[0] {
  return { apiVersion: 'apps/v1', resource: 'replicasets', namespace: run.record.pod.namespace, name };
}

function labelsText(keys: readonly string[], changed: readonly (readonly [string, string])[]): string {
  const kept =
    changed.length === 0
      ? ''
      : `; ${changed.map(([key]) => key).join(', ')} has a new value by now, which is kept`;
  return keys.length === 0
    ? `our label removed${kept}`
    : `${keys.join(', ')} as before, our label removed${kept}`;
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
