import type { Api } from '../cluster/api.ts';
import { patchObject } from '../cluster/apply.ts';
import type { Pod } from '../cluster/objects.ts';
import type { ObjectRef } from '../cluster/path.ts';

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

/** Values to set, null to remove. */
export type Changes = Readonly<Record<string, string | null>>;

/**
 * Changes labels and annotations of one pod. The uid in the patch makes the server refuse it for another pod of the same name
 * (metadata.uid can't be changed).
 */
export function changePod(
  api: Api,
  pod: PodIdentity,
  changes: { readonly labels?: Changes; readonly annotations?: Changes },
  options: { readonly dryRun?: boolean; readonly signal: AbortSignal },
): Promise<Pod> {
  return patchObject<Pod>(
    api,
    podRef(pod),
    { metadata: { uid: pod.uid, ...changes } },
    { type: 'merge', ...options },
  );
}
