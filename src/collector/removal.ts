import type { Api } from '../cluster/api.ts';
import { deleteObject } from '../cluster/apply.ts';
import type { Pod } from '../cluster/objects.ts';
import { objectPath } from '../cluster/path.ts';
import { waitFor } from '../cluster/wait.ts';
import { ApiError, InterruptedError, OperationError, PartialError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { createProgress } from '../output/progress.ts';
import { warnOf } from '../output/warn.ts';
import type { Role } from './names.ts';
import { selfEndSeconds } from './pod.ts';

export interface PodIdentity {
  readonly namespace: string;
  readonly name: string;
  /** Unknown when the answer to the creation was lost. */
  readonly uid?: string | undefined;
}

/** Time limit of a removal, which no interrupt cuts short. */
export const removalMs = 30_000;
/** Longest time for a pod with a grace of 1 s to be gone. */
const goneMs = 20_000;

/**
 * Asks for the deletion of a pod of ours with a grace period of 1 s: with 0 the object would be gone while the container
 * may still run. Resolves to true when there was such a pod.
 */
export async function deletePod(
  api: Api,
  pod: PodIdentity,
  signal: AbortSignal,
  dryRun = false,
): Promise<boolean> {
  const { uid } = pod;
  try {
    return await deleteObject(api, refOfPod(pod), { graceSeconds: 1, uid, signal, dryRun });
  } catch (error) {
    // A pod of that name with another uid: ours is gone.
    if (error instanceof ApiError && error.reason === 'Conflict') return false;
    throw error;
  }
}

/** Deletes a collector or probe pod and waits until the object is gone; OperationError when it is not in time. */
export async function removePod(
  api: Api,
  io: Io,
  pod: PodIdentity & { readonly role: Role },
  signal: AbortSignal,
): Promise<void> {
  try {
    if (!(await deletePod(api, pod, signal))) return;
    await waitFor<Pod>(api, io, {
      path: objectPath(refOfPod(pod)),
      what: `pod ${pod.name} to be gone`,
      until: (found) => found === undefined || (pod.uid !== undefined && found.metadata?.uid !== pod.uid),
      timeoutMs: goneMs,
      signal,
    });
  } catch (cause) {
    if (!(cause instanceof OperationError) || cause instanceof InterruptedError) throw cause;
    throw new OperationError(
      `the ${pod.role} pod ${pod.namespace}/${pod.name} is not gone: ${cause.message}`,
      {
        cause,
        advice: `it ends itself within ${selfEndSeconds} s; when its node answers again, remove it with: kubectl ir cleanup`,
      },
    );
  }
}

/**
 * Does `work` and then `remove`, whatever became of the work. Resolves to what the work gave. When the work failed, its error is
 * thrown, and a failed removal is only a warning; when the removal alone failed, a PartialError says what is left.
 */
export async function removedAfter<T>(
  io: Io,
  work: () => Promise<T>,
  remove: () => Promise<void>,
): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await remove().catch((cause: unknown) => warnOf(cause, createProgress(io)));
    throw error;
  }
  await remove().catch((cause: unknown) => {
    if (!(cause instanceof OperationError)) throw cause;
    const { message, advice } = cause;
    throw new PartialError(message, advice === undefined ? { cause } : { cause, advice });
  });
  return result;
}

function refOfPod(pod: PodIdentity): {
  apiVersion: string;
  resource: string;
  namespace: string;
  name: string;
} {
  return { apiVersion: 'v1', resource: 'pods', namespace: pod.namespace, name: pod.name };
}
