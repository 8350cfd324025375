import type { Api } from '../cluster/api.ts';
import { createObject, getObjectOrUndefined } from '../cluster/apply.ts';
import type { Namespace } from '../cluster/objects.ts';
import { ApiError, OperationError } from '../output/errors.ts';
import { labels } from './names.ts';

/** The collectors' namespace as it is created: pods in it may be privileged (Kubernetes docs, Pod Security Admission). */
export function namespaceObject(name: string): {
  apiVersion: 'v1';
  kind: 'Namespace';
  metadata: { name: string; labels: Record<string, string> };
} {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: {
        [labels.managedBy]: 'kubectl-ir',
        [labels.podUid]: 'none',
        'pod-security.kubernetes.io/enforce': 'privileged',
        'pod-security.kubernetes.io/audit': 'privileged',
        'pod-security.kubernetes.io/warn': 'privileged',
      },
    },
  };
}

/**
 * Creates the namespace if it is absent. A user who may not look at namespaces is let through: creating the pod will
 * tell. Throws OperationError when it is being deleted, which may last for ever.
 */
export async function ensureNamespace(api: Api, name: string, signal: AbortSignal): Promise<void> {
  const found = await look(api, name, signal);
  if (found === 'unknown') return;
  if (found === undefined) {
    await create(api, name, signal);
  } else if (found.status?.phase === 'Terminating' || found.metadata?.deletionTimestamp !== undefined) {
    throw new OperationError(`namespace "${name}" is being deleted, so no collector can start in it`, {
      advice: 'wait until it is gone, or use another one: --collector-namespace NAME',
    });
  }
}

async function look(api: Api, name: string, signal: AbortSignal): Promise<Namespace | 'unknown' | undefined> {
  try {
    const ref = { apiVersion: 'v1', resource: 'namespaces', name };
    return await getObjectOrUndefined<Namespace>(api, ref, signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return 'unknown';
    throw error;
  }
}

async function create(api: Api, name: string, signal: AbortSignal): Promise<void> {
  try {
    await createObject(api, namespaceObject(name), { signal });
  } catch (error) {
    if (error instanceof ApiError && error.reason === 'AlreadyExists') return;
    throw error;
  }
}
