import type { Api } from '../cluster/api.ts';
import { getObject, patchObject } from '../cluster/apply.ts';
import type { Pod } from '../cluster/objects.ts';
import type { ObjectRef } from '../cluster/path.ts';
import { ApiError, OperationError } from '../output/errors.ts';
import { checkedUid } from './names.ts';

/** A pod by its identity; a later pod of the same name is never touched. */
export interface PodIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** Reference to a pod. */
export function podRef(pod: { readonly namespace: string; readonly name: string }): ObjectRef {
  return { apiVersion: 'v1', resource: 'pods', namespace: pod.namespace, name: pod.name };
}

/** The identity of a pod as the server gave it. Throws OperationError when it has no uid of the usual form. */
export function identityOf({ metadata }: Pod): PodIdentity {
  return {
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    uid: checkedUid(metadata?.uid),
  };
}

/** Values to set, null to remove. */
export type Changes = Readonly<Record<string, string | null>>;

/** The values that each key may have before it is changed; null stands for absent. */
export interface Expected {
  readonly labels?: Readonly<Record<string, readonly (string | null)[]>>;
  readonly annotations?: Readonly<Record<string, readonly (string | null)[]>>;
}

export interface ChangeOptions {
  /** When given, nothing is changed unless every key has one of these values. */
  readonly expected?: Expected;
  readonly dryRun?: boolean;
  readonly signal: AbortSignal;
}

/** A pod's status is written all the time, and each write is a conflict with a change that expects something. */
const conflictsAtMost = 10;

/**
 * Changes labels and annotations of one pod. The uid in the patch makes the server refuse it for another pod of the same name
 * (metadata.uid can't be changed). Throws OperationError when a key has a value that was not expected: somebody changed it.
 */
export async function changePod(
  api: Api,
  pod: PodIdentity,
  changes: { readonly labels?: Changes; readonly annotations?: Changes },
  options: ChangeOptions,
): Promise<Pod> {
  const { expected, dryRun, signal } = options;
  const patch = (resourceVersion?: string): Promise<Pod> =>
    patchObject<Pod>(
      api,
      podRef(pod),
      {
        metadata: { uid: pod.uid, ...(resourceVersion === undefined ? {} : { resourceVersion }), ...changes },
      },
      { type: 'merge', dryRun, signal },
    );
  if (expected === undefined) return patch();
  for (let conflicts = 0; ; conflicts += 1) {
    const live = await getObject<Pod>(api, podRef(pod), signal);
    if (live.metadata?.uid !== pod.uid) throw new OperationError(`pod "${pod.name}" is another one by now`);
    refuseUnexpected(pod, 'label', live.metadata.labels ?? {}, expected.labels ?? {});
    refuseUnexpected(pod, 'annotation', live.metadata.annotations ?? {}, expected.annotations ?? {});
    try {
      return await patch(live.metadata.resourceVersion);
    } catch (error) {
      const conflict = error instanceof ApiError && error.reason === 'Conflict';
      if (!conflict || conflicts === conflictsAtMost) throw error;
    }
  }
}

function refuseUnexpected(
  pod: PodIdentity,
  what: string,
  live: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, readonly (string | null)[]>>,
): void {
  for (const [key, values] of Object.entries(expected)) {
    const now = Object.hasOwn(live, key) ? (live[key] ?? '') : null;
    if (values.includes(now)) continue;
    throw new OperationError(
      `${what} ${key} of pod "${pod.name}" is ${now ?? 'gone'}, not ${values.map((one) => one ?? 'absent').join(' or ')}: somebody changed it`,
      { advice: 'look at the pod, and run the command again' },
    );
  }
}
