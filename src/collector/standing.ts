import type { Api } from '../cluster/api.ts';
import { listAll } from '../cluster/list.ts';
import type { KubeObject } from '../cluster/objects.ts';
import { resourceOfKind, resourcePath, splitApiVersion } from '../cluster/path.ts';
import { ApiError } from '../output/errors.ts';
import { labels } from './names.ts';

/** One object with our label. */
export interface StandingObject {
  readonly object: KubeObject & {
    readonly metadata: { readonly creationTimestamp?: string };
    readonly status?: { readonly phase?: string };
  };
  /** As kubectl names the kind in messages: lower case. */
  readonly kind: string;
}

/** What could not be listed, and why. */
export interface Unseen {
  readonly resource: string;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly reason: string;
}

export interface Standing {
  readonly objects: readonly StandingObject[];
  readonly unseen: readonly Unseen[];
}

interface OwnKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Every kind of object that this program creates or marks; not every server has all of them. */
const kinds: readonly OwnKind[] = [
  { apiVersion: 'v1', kind: 'Namespace', namespaced: false },
  { apiVersion: 'v1', kind: 'Pod', namespaced: true },
  { apiVersion: 'v1', kind: 'ConfigMap', namespaced: true },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespaced: true },
  { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', namespaced: true },
  { apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', namespaced: true },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', namespaced: true },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    namespaced: false,
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    namespaced: false,
  },
];

/**
 * Everything of ours in the cluster. Where listing in all namespaces is forbidden, only `namespaces` are listed, and `unseen`
 * says so.
 */
export async function findStanding(
  api: Api,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<Standing> {
  const found = await Promise.all(kinds.map((kind) => ofKind(api, kind, namespaces, signal)));
  return { objects: found.flatMap(({ objects }) => objects), unseen: found.flatMap(({ unseen }) => unseen) };
}

async function ofKind(
  api: Api,
  kind: OwnKind,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<Standing> {
  const everywhere = await list(api, kind, undefined, signal);
  if (!kind.namespaced || everywhere.unseen.length === 0) return everywhere;
  const parts = await Promise.all(
    [...new Set(namespaces)].map((namespace) => list(api, kind, namespace, signal)),
  );
  return {
    objects: parts.flatMap(({ objects }) => objects),
    unseen: [...everywhere.unseen, ...parts.flatMap(({ unseen }) => unseen)],
  };
}

async function list(
  api: Api,
  { apiVersion, kind }: OwnKind,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<Standing> {
  const objects: StandingObject[] = [];
  const resource = resourceOfKind(kind);
  try {
    const listed = listAll<StandingObject['object']>(api, {
      path: resourcePath({ ...splitApiVersion(apiVersion), resource, namespace }),
      query: { labelSelector: labels.podUid },
      doing: `list ${resource}`,
      signal,
    });
    for await (const object of listed) objects.push({ object, kind: kind.toLowerCase() });
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { objects, unseen: [] };
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
    return {
      objects,
      unseen: [{ resource, ...(namespace === undefined ? {} : { namespace }), reason: error.message }],
    };
  }
  return { objects, unseen: [] };
}
