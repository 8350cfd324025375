import type { Api } from '../cluster/api.ts';
import { createObject, deleteObject, patchObject } from '../cluster/apply.ts';
import type { NetworkPolicy, Pod } from '../cluster/objects.ts';
import type { ObjectRef } from '../cluster/path.ts';
import { ApiError } from '../output/errors.ts';
import { objectName, podUidLabel } from './names.ts';

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

/** Reference to our policy for a pod. */
export function policyRef(pod: PodIdentity): ObjectRef {
  return {
    apiVersion: 'networking.k8s.io/v1',
    resource: 'networkpolicies',
    namespace: pod.namespace,
    name: objectName(pod.uid),
  };
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

/** Creates the deny policy and puts our label on the pod, in that order. A policy that is there already is ours: its name holds the uid. */
export async function placeDeny(
  api: Api,
  pod: PodIdentity,
  policy: NetworkPolicy,
  options: { readonly dryRun?: boolean; readonly signal: AbortSignal },
): Promise<void> {
  try {
    await createObject(api, policy as Parameters<typeof createObject>[1], options);
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
  }
  await changePod(api, pod, { labels: { [podUidLabel]: pod.uid } }, options);
}

/** Deletes the deny policy; fine when there is none. */
export async function removePolicy(api: Api, pod: PodIdentity, signal: AbortSignal): Promise<void> {
  await deleteObject(api, policyRef(pod), { signal });
}
