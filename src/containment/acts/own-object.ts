import type { Api } from '../../cluster/api.ts';
import {
  createObject,
  deleteObject,
  getObjectOrUndefined,
  type NewObject,
  refOf,
} from '../../cluster/apply.ts';
import type { KubeObject } from '../../cluster/objects.ts';
import { type ObjectRef, objectPath, splitApiVersion } from '../../cluster/path.ts';
import { waitFor } from '../../cluster/wait.ts';
import { ApiError, OperationError } from '../../output/errors.ts';
import type { Io } from '../../output/io.ts';
import { podUidLabel } from '../names.ts';

/** An object as we make it. */
export type OwnObject = KubeObject & { readonly spec: object };

/**
 * Creates an object of ours. One that is there already, as after an interrupt, will do when it says the same; throws
 * OperationError when it does not, because somebody else made or changed it.
 */
export async function placeObject(
  api: Api,
  object: OwnObject,
  options: { readonly dryRun?: boolean; readonly signal: AbortSignal },
): Promise<void> {
  try {
    await createObject(api, object as NewObject, options);
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
    const live = await getObjectIfAny(api, refOf(object), options.signal);
    if (live !== undefined && isAsMade(object, live)) return;
    throw new OperationError(`${objectText(object)} is there already and says something else`, {
      advice: 'look who made it; delete it, and run the command again',
      cause: error,
    });
  }
}

/** `poddisruptionbudget.policy/NAME`, as kubectl names objects. */
export function objectText({ apiVersion, kind, metadata }: KubeObject): string {
  const { group } = splitApiVersion(apiVersion);
  return `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${metadata.name}`;
}

/** True when an object still has all that we made it with; what the server added does not matter. */
export function isAsMade(made: OwnObject, live: KubeObject): boolean {
  return contains(live, { spec: made.spec, metadata: { labels: made.metadata.labels ?? {} } });
}

/** True when every field of `part` is in `whole` with the same value; lists are equal in length and order. */
function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) &&
      whole.length === part.length &&
      part.every((one, index) => contains(whole[index], one))
    );
  }
  if (typeof part !== 'object' || part === null) return whole === part;
  if (typeof whole !== 'object' || whole === null) return Object.keys(part).length === 0;
  return Object.entries(part).every(([key, value]) => {
    return contains(Object.hasOwn(whole, key) ? (whole as Record<string, unknown>)[key] : undefined, value);
  });
}

/**
 * Deletes an object of ours and waits until it is gone; false when there is none, or no such kind. Throws OperationError
 * for one that does not carry our label: it is left alone.
 */
export async function removeObject(
  api: Api,
  io: Io,
  ref: ObjectRef,
  { uid, signal }: { readonly uid: string; readonly signal: AbortSignal },
): Promise<boolean> {
  const object = await getObjectIfAny(api, ref, signal);
  if (object === undefined) return false;
  const name = `${ref.resource} "${ref.name}"`;
  if (object.metadata.labels?.[podUidLabel] !== uid) {
    throw new OperationError(`${name} does not carry our label, so it is left alone`);
  }
  const { uid: own } = object.metadata;
  await deleteObject(api, ref, { ...(own === undefined ? {} : { uid: own }), signal });
  await waitFor<KubeObject>(api, io, {
    path: objectPath(ref),
    what: `${name} to be gone`,
    until: (live) => live === undefined,
    timeoutMs: 10_000,
    signal,
  });
  return true;
}

/** An object, or undefined when it or its kind does not exist. */
export async function getObjectIfAny(
  api: Api,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  try {
    return await getObjectOrUndefined<KubeObject>(api, ref, signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}
