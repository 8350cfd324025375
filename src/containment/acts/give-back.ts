import { getObjectOrUndefined } from '../../cluster/apply.ts';
import type { Pod } from '../../cluster/objects.ts';
import { objectPath } from '../../cluster/path.ts';
import { waitFor } from '../../cluster/wait.ts';
import { OperationError, PartialError } from '../../output/errors.ts';
import { controllerOf, type OwnerObject, ownerResource, ownerText } from '../facts/owner.ts';
import { returnOf } from '../facts/return.ts';
import { deletionCostAnnotation } from '../names.ts';
import { changePod, podRef } from '../relabel.ts';
import { isReady, podsOf } from '../replacement.ts';
import type { Undoing } from './act.ts';
import type { DetachRecord } from './detach.ts';

/** The highest cost there is: of pods that are alike, the one with the lowest cost is deleted first. */
const highestCost = '2147483647';
const readyMs = 30_000;
const settleMs = 30_000;

/** What the record says of the owner that let go of the pod. */
type RecordedOwner = NonNullable<DetachRecord['owner']>;

/**
 * Gives the pod its labels back, and with them to its owner. Where the owner then has a pod too many, it is first waited until
 * this one is ready, and a ReplicaSet's deletion cost set, so that another is deleted; the annotation is put back exactly when
 * the owner has settled. Throws PartialError when the owner would delete the pod, OperationError when it did.
 */
export async function giveBack(detached: DetachRecord, at: Undoing): Promise<string> {
  const { pod } = at;
  const live = await getObjectOrUndefined<Pod>(at.api, podRef(pod), at.signal);
  if (live?.metadata?.uid !== pod.uid) return `pod "${pod.name}" is gone, so it has no labels to give back`;
  const now = live.metadata.labels ?? {};
  const entries = Object.entries(detached.labels);
  const missing = Object.fromEntries(entries.filter(([key]) => !Object.hasOwn(now, key)));
  const changed = entries.filter(([key, value]) => Object.hasOwn(now, key) && now[key] !== value);
  const back = Object.keys(missing).length > 0 && controllerOf(live) === undefined;
  let came: string | undefined;
  if (back) came = await returnToOwner(detached, missing, live, at);
  else await finishReturn(detached, missing, live, at);
  const kept = changed.map(([key]) => key).join(', ');
  return [
    `${Object.keys(detached.labels).join(', ')} as before`,
    ...(came === undefined ? [] : [came]),
    ...(kept === '' ? [] : [`${kept} has a new value by now, which is kept`]),
  ].join('; ');
}

/** Leaves the labels off, so that nothing selects the pod; of ours only a raised deletion cost could be on it. */
export async function keepDetached(detached: DetachRecord, at: Undoing): Promise<string> {
  const { pod } = at;
  const live = await getObjectOrUndefined<Pod>(at.api, podRef(pod), at.signal);
  if (live?.metadata?.uid !== pod.uid) return `pod "${pod.name}" is gone`;
  const annotations = costBack(detached, live);
  if (Object.keys(annotations).length > 0) await changePod(at.api, pod, { annotations }, at);
  return `${Object.keys(detached.labels).join(', ')} stay off: the pod stays detached`;
}

/** The pod is with its owner, or has none: what an interrupt left open is finished. */
async function finishReturn(
  { owner, ...detached }: DetachRecord,
  labels: Readonly<Record<string, string>>,
  live: Pod,
  at: Undoing,
): Promise<void> {
  const annotations = costBack(detached, live);
  const raised = Object.keys(annotations).length > 0;
  if (raised && owner !== undefined && controllerOf(live)?.uid === owner.uid)
    await waitUntilSettled(owner, at);
  await changePod(at.api, at.pod, { labels, annotations }, at);
}

async function returnToOwner(
  detached: DetachRecord,
  labels: Readonly<Record<string, string>>,
  live: Pod,
  at: Undoing,
): Promise<string | undefined> {
  const { api, pod, signal } = at;
  const owner = detached.owner;
  const object = owner === undefined ? undefined : await objectOf(owner, at);
  if (owner === undefined || object === undefined) {
    await changePod(api, pod, { labels }, at);
    return owner === undefined ? undefined : `${ownerText(owner)} is gone, so nothing takes it in`;
  }
  const others = await podsOfOwner(owner, object, at);
  const outcome = returnOf(owner.kind, object, live, others);
  if ('ends' in outcome) throw unwanted(owner, outcome.ends);
  if ('strange' in outcome) {
    await changePod(api, pod, { labels }, at);
    return `${ownerText(owner)} ${outcome.strange}`;
  }
  const ranked = owner.kind === 'ReplicaSet' || owner.kind === 'Job';
  if (outcome.surplus && ranked) await waitUntilReady(at);
  const annotations = owner.kind === 'ReplicaSet' ? { [deletionCostAnnotation]: highestCost } : {};
  await changePod(api, pod, { labels, annotations }, at);
  await waitUntilTakenIn(owner, at);
  if (outcome.surplus) await waitUntilSettled(owner, at);
  const after = await getObjectOrUndefined<Pod>(api, podRef(pod), signal);
  if (after?.metadata?.uid !== pod.uid || after.metadata.deletionTimestamp !== undefined) {
    throw new OperationError(`pod "${pod.name}" was deleted after its labels were given back`, {
      advice: 'its owner wanted fewer pods; collect from the node what is left of it',
    });
  }
  await changePod(api, pod, { annotations: costBack(detached, after, live) }, at);
  return goneText(owner, others, outcome.surplus ? await podsOfOwner(owner, object, at) : others);
}

function unwanted(owner: RecordedOwner, why: string): PartialError {
  return new PartialError(
    `${ownerText(owner)} ${why} and would delete this one at once; its labels stay aside`,
    {
      advice: 'release it without --return, and delete it yourself when its evidence is safe',
    },
  );
}

/** The annotation as it was `before` we raised it, or when the pod was detached; untouched when it does not hold our value. */
function costBack(detached: DetachRecord, live: Pod, before?: Pod): Record<string, string | null> {
  if (costOf(live) !== highestCost) return {};
  const own = before === undefined || costOf(before) === highestCost;
  return { [deletionCostAnnotation]: (own ? detached.deletionCost : costOf(before)) ?? null };
}

function costOf({ metadata }: Pod): string | undefined {
  return metadata?.annotations?.[deletionCostAnnotation];
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

async function waitUntilTakenIn(owner: RecordedOwner, at: Undoing): Promise<void> {
  await waitFor<Pod>(at.api, at.io, {
    path: objectPath(podRef(at.pod)),
    what: `${ownerText(owner)} to take pod "${at.pod.name}" back`,
    until: (live) => live === undefined || controllerOf(live)?.uid === owner.uid,
    timeoutMs: settleMs,
    signal: at.signal,
  });
}

/** Waits until the owner has no pod too many any more, or this one is gone. */
async function waitUntilSettled(owner: RecordedOwner, at: Undoing): Promise<void> {
  const end = at.io.monotonic() + settleMs;
  for (;;) {
    const object = await objectOf(owner, at);
    const live = await getObjectOrUndefined<Pod>(at.api, podRef(at.pod), at.signal);
    if (object === undefined || live?.metadata?.uid !== at.pod.uid) return;
    if (live.metadata.deletionTimestamp !== undefined) return;
    const outcome = returnOf(owner.kind, object, live, await podsOfOwner(owner, object, at));
    if (!('surplus' in outcome) || !outcome.surplus) return;
    if (at.io.monotonic() > end) {
      throw new OperationError(`${ownerText(owner)} still has a pod too many`, {
        advice: 'look what keeps it from deleting one, then run release again',
      });
    }
    await at.io.sleep(250, at.signal);
  }
}

function goneText(owner: RecordedOwner, before: readonly Pod[], after: readonly Pod[]): string {
  const left = new Set(after.map((pod) => pod.metadata?.uid));
  const gone = before.filter((pod) => !left.has(pod.metadata?.uid)).map((pod) => pod.metadata?.name ?? '');
  const text = `back with ${ownerText(owner)}`;
  return gone.length === 0 ? text : `${text}, which deleted ${gone.map((name) => `pod/${name}`).join(', ')}`;
}

/** Pods of the owner other than this one. */
async function podsOfOwner({ uid }: RecordedOwner, object: OwnerObject, at: Undoing): Promise<Pod[]> {
  const { namespace } = at.pod;
  const pods = await podsOf(at.api, { namespace, uid, selector: object.spec?.selector ?? {} }, at.signal);
  return pods.filter((pod) => pod.metadata?.uid !== at.pod.uid);
}

async function objectOf(owner: RecordedOwner, at: Undoing): Promise<OwnerObject | undefined> {
  const ref = { ...ownerResource(owner.kind), namespace: at.pod.namespace, name: owner.name };
  const object = await getObjectOrUndefined<OwnerObject>(at.api, ref, at.signal);
  return object?.metadata?.uid === owner.uid ? object : undefined;
}
