import { getObjectOrUndefined } from '../../cluster/apply.ts';
import type { Pod } from '../../cluster/objects.ts';
import type { ObjectRef } from '../../cluster/path.ts';
import { ApiError } from '../../output/errors.ts';
import { stayAnnotations } from '../names.ts';
import { changePod, podRef } from '../relabel.ts';
import type { Undoing } from './act.ts';
import type { GuardRecord } from './guard.ts';
import { whenOutOfForce } from './guard-effect.ts';
import { guardRefs } from './guard-objects.ts';
import { removeObject } from './own-object.ts';

/**
 * Takes the guards away, objects first: as long as the policy is in force it refuses the loss of our label. Annotations are
 * put back where they still have our value.
 */
export async function undoGuard(recorded: GuardRecord | undefined, at: Undoing): Promise<string> {
  const { api, pod, signal } = at;
  const { budget, policy } = guardRefs(pod);
  const removed: string[] = [];
  for (const ref of policy) if (await remove(ref, recorded?.policy === true, at)) removed.push(ref.resource);
  if (await remove(budget, recorded?.budget === true, at)) removed.push(budget.resource);
  const objects = removed.length === 0 ? 'no guard object is there' : `${removed.join(', ')} deleted`;
  const live = await getObjectOrUndefined<Pod>(api, podRef(pod), signal);
  if (live?.metadata?.uid !== pod.uid) return objects;
  await whenOutOfForce({ api, io: at.io, subject: pod, signal });
  const kept = await restore(recorded, live, at);
  const annotations =
    kept.length === 0
      ? 'annotations as before'
      : `annotation ${kept.join(', ')} has a new value by now, which is kept`;
  return `${objects}; ${annotations}`;
}

/** What we may not even look at is a failure only when the record says that it was placed. */
async function remove(ref: ObjectRef, placed: boolean, at: Undoing): Promise<boolean> {
  try {
    return await removeObject(at.api, at.io, ref, { uid: at.pod.uid, signal: at.signal });
  } catch (error) {
    if (placed || !(error instanceof ApiError) || error.status !== 403) throw error;
    return false;
  }
}

/** Returns the annotations that have neither our value nor the one before. */
async function restore(recorded: GuardRecord | undefined, live: Pod, at: Undoing): Promise<string[]> {
  const now = live.metadata?.annotations ?? {};
  const entries = Object.entries(recorded?.annotations ?? {});
  const ours = entries.filter(([key]) => now[key] === stayAnnotations[key]);
  const kept = entries.filter(
    ([key, before]) => now[key] !== stayAnnotations[key] && (now[key] ?? null) !== before,
  );
  if (ours.length > 0) await changePod(at.api, at.pod, { annotations: Object.fromEntries(ours) }, at);
  return kept.map(([key]) => key);
}
