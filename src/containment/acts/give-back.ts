import { getObjectOrUndefined } from '../../cluster/apply.ts';
import type { Pod, ReplicaSet } from '../../cluster/objects.ts';
import { objectPath } from '../../cluster/path.ts';
import { waitFor } from '../../cluster/wait.ts';
import { OperationError, PartialError } from '../../output/errors.ts';
import { deletionCostAnnotation } from '../names.ts';
import { changePod, podRef } from '../relabel.ts';
import { isReady, podsOf } from '../replacement.ts';
import type { LabelSelector } from '../selector.ts';
import { controllerOf } from '../subject.ts';
import type { Undoing } from './act.ts';
import type { DetachRecord } from './detach.ts';

/** The highest cost there is: of pods that are alike, the one with the lowest cost is deleted first. */
const highestCost = '2147483647';
const readyMs = 30_000;
const settleMs = 30_000;

/**
 * Gives the pod its labels back, once it is ready. They come together with the highest deletion cost, so that the ReplicaSet,
 * which now has one pod too many, deletes another; the annotation is put back exactly when the ReplicaSet has settled.
 * Throws OperationError when the pod would be deleted, or was.
 */
export async function giveBack(detached: DetachRecord, at: Undoing): Promise<string> {
  const { pod } = at;
  const live = await getObjectOrUndefined<Pod>(at.api, podRef(pod), at.signal);
  if (live?.metadata?.uid !== pod.uid) return `pod "${pod.name}" is gone, so it has no labels to give back`;
  const now = live.metadata.labels ?? {};
  const entries = Object.entries(detached.labels);
  const missing = Object.fromEntries(entries.filter(([key]) => !Object.hasOwn(now, key)));
  const changed = entries.filter(([key, value]) => Object.hasOwn(now, key) && now[key] !== value);
  if (Object.keys(missing).length > 0 && controllerOf(live) === undefined) {
    await returnToOwner(detached, missing, at);
  } else {
    await changePod(at.api, pod, { labels: missing }, at);
    // As a release left it that was interrupted before the ReplicaSet had settled.
    if (costOf(live) === highestCost) await giveCostBack(detached, at);
  }
  const kept = changed.map(([key]) => key).join(', ');
  return `${Object.keys(detached.labels).join(', ')} as before${kept === '' ? '' : `; ${kept} has a new value by now, which is kept`}`;
}

async function returnToOwner(
  detached: DetachRecord,
  labels: Readonly<Record<string, string>>,
  at: Undoing,
): Promise<void> {
  await refuseWhenUnwanted(detached, at);
  await waitUntilReady(at);
  await changePod(at.api, at.pod, { labels, annotations: { [deletionCostAnnotation]: highestCost } }, at);
  await giveCostBack(detached, at);
}

/** Puts the annotation back as it was when the ReplicaSet has settled; before, it could delete this pod. */
async function giveCostBack(detached: DetachRecord, at: Undoing): Promise<void> {
  const { api, pod } = at;
  await settle(detached, at);
  const after = await getObjectOrUndefined<Pod>(api, podRef(pod), at.signal);
  if (after?.metadata?.uid !== pod.uid || after.metadata.deletionTimestamp !== undefined) {
    throw new OperationError(`pod "${pod.name}" was deleted after its labels were given back`, {
      advice: 'its owner wanted fewer pods; collect from the node what is left of it',
    });
  }
  if (costOf(after) !== highestCost) return;
  const cost = detached.deletionCost ?? null;
  await changePod(api, pod, { annotations: { [deletionCostAnnotation]: cost } }, at);
}

function costOf(pod: Pod): string | undefined {
  return pod.metadata?.annotations?.[deletionCostAnnotation];
}

/** A ReplicaSet that wants no pod would delete this one at once. */
async function refuseWhenUnwanted(detached: DetachRecord, at: Undoing): Promise<void> {
  const owner = await ownerOf(detached, at);
  if (owner === undefined || (owner.spec?.replicas ?? 1) > 0) return;
  throw new PartialError(
    `replicaset/${owner.metadata?.name ?? ''} wants no pods now and would delete this one at once; its labels stay aside`,
    { advice: 'delete the pod yourself when its evidence is safe, then run release again' },
  );
}

/** Not ready pods are deleted before ready ones, whatever their cost. */
async function waitUntilReady(at: Undoing): Promise<void> {
  try {
    await waitFor<Pod>(at.api, at.io, {
      path: objectPath(podRef(at.pod)),
      what: `pod "${at.pod.name}" to be ready`,
      until: (pod) => pod === undefined || isReady(pod),
      timeoutMs: readyMs,
      signal: at.signal,
    });
  } catch (error) {
    at.signal.throwIfAborted();
    if (!(error instanceof OperationError)) throw error;
    throw new PartialError(
      `${error.message}; labels are not given back, because its owner would delete a pod that is not ready`,
      { advice: 'look why it is not ready, then run release again', cause: error },
    );
  }
}

/** Waits until the ReplicaSet has taken the pod back and has no pod too many. */
async function settle(detached: DetachRecord, at: Undoing): Promise<void> {
  const { api, io, pod, signal } = at;
  const { replicaSet } = detached;
  if ((await ownerOf(detached, at)) === undefined) return;
  await waitFor<Pod>(api, io, {
    path: objectPath(podRef(pod)),
    what: `replicaset/${replicaSet.name} to take pod "${pod.name}" back`,
    until: (live) => live === undefined || controllerOf(live)?.uid === replicaSet.uid,
    timeoutMs: settleMs,
    signal,
  });
  const end = io.monotonic() + settleMs;
  for (;;) {
    const owner = await ownerOf(detached, at);
    if (owner === undefined) return;
    const selector = (owner.spec?.selector ?? {}) as LabelSelector;
    const pods = await podsOf(api, { namespace: pod.namespace, uid: replicaSet.uid, selector }, signal);
    if (pods.length <= (owner.spec?.replicas ?? 1)) return;
    if (io.monotonic() > end) {
      throw new OperationError(`replicaset/${replicaSet.name} still has a pod too many`, {
        advice: 'look what keeps it from deleting one, then run release again',
      });
    }
    await io.sleep(250, signal);
  }
}

async function ownerOf({ replicaSet }: DetachRecord, at: Undoing): Promise<ReplicaSet | undefined> {
  const ref = {
    apiVersion: 'apps/v1',
    resource: 'replicasets',
    namespace: at.pod.namespace,
    name: replicaSet.name,
  };
  const set = await getObjectOrUndefined<ReplicaSet>(at.api, ref, at.signal);
  return set?.metadata?.uid === replicaSet.uid ? set : undefined;
}
