import { OperationError } from '../output/errors.ts';
import type { Right } from './access.ts';
import type { Api } from './api.ts';
import { getObject } from './apply.ts';
import { listAll, type ListRequest } from './list.ts';
import type { Pod, ReplicaSet } from './objects.ts';
import { resourcePath } from './path.ts';
import type { Target } from './target.ts';

/** Several pods, by what they have in common. They are of one namespace, except those of a node and those with labels `everywhere`. */
export type Selection =
  | { readonly by: 'selector'; readonly text: string; readonly everywhere?: boolean }
  | { readonly by: 'owner'; readonly target: Target }
  /** `sha256:` and 64 hex digits. */
  | { readonly by: 'image'; readonly digest: string }
  | { readonly by: 'account'; readonly name: string }
  | { readonly by: 'node'; readonly name: string };

/** Kinds that own pods, with their API versions. */
const owners: Readonly<Record<string, string>> = {
  deployments: 'apps/v1',
  replicasets: 'apps/v1',
  statefulsets: 'apps/v1',
  daemonsets: 'apps/v1',
  jobs: 'batch/v1',
  replicationcontrollers: 'v1',
};

/** True for a kind, as a plural resource, that owns pods. */
export function ownsPods(resource: string): boolean {
  return owners[resource] !== undefined;
}

/** Rights that finding the pods of a selection needs, apart from listing pods. */
export function selectionRights(selection: Selection, namespace: string): Right[] {
  if (selection.by !== 'owner') return [];
  const { resource } = selection.target;
  const [group, version] = (owners[resource] ?? '').split('/');
  const owner = { ...(version === undefined ? {} : { group: group ?? '' }), resource, namespace };
  return [
    { verb: 'get', ...owner },
    ...(resource === 'deployments'
      ? [{ verb: 'list', group: 'apps', resource: 'replicasets', namespace }]
      : []),
  ];
}

/** The same for owners of every kind. */
export function ownerRights(namespace: string): Right[] {
  return Object.keys(owners).flatMap((resource) =>
    selectionRights({ by: 'owner', target: { resource, name: '' } }, namespace),
  );
}

/** In words, such as `pods of deployments/shop`. */
export function selectionText(selection: Selection): string {
  switch (selection.by) {
    case 'selector':
      return selection.text === '' ? 'pods' : `pods with ${selection.text}`;
    case 'owner':
      return `pods of ${selection.target.resource}/${selection.target.name}`;
    case 'image':
      return `pods that run ${selection.digest}`;
    case 'account':
      return `pods of serviceaccount/${selection.name}`;
    case 'node':
      return `pods on node ${selection.name}`;
  }
}

/**
 * The pods of a selection, in the order of their names; pods that have ended only with `ended`. Throws OperationError when there
 * is none, and ApiError when they may not be listed or an owner does not exist.
 */
export async function selectPods(
  api: Api,
  selection: Selection,
  signal: AbortSignal,
  { ended = false }: { readonly ended?: boolean } = {},
): Promise<Pod[]> {
  const list = await candidates(api, selection, signal);
  const pods = list.filter(({ status }) => ended || !['Succeeded', 'Failed'].includes(status?.phase ?? ''));
  if (pods.length > 0) return pods.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const where = selection.by === 'node' || isEverywhere(selection) ? '' : ` in namespace "${api.namespace}"`;
  throw new OperationError(`there are no ${selectionText(selection)}${where}`);
}

function isEverywhere(selection: Selection): boolean {
  return selection.by === 'selector' && selection.everywhere === true;
}

function keyOf({ metadata }: Pod): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}

async function candidates(api: Api, selection: Selection, signal: AbortSignal): Promise<Pod[]> {
  const { namespace } = api;
  switch (selection.by) {
    case 'selector':
      return list<Pod>(api, isEverywhere(selection) ? undefined : namespace, signal, {
        labelSelector: selection.text,
      });
    case 'node':
      return list<Pod>(api, undefined, signal, { fieldSelector: `spec.nodeName=${selection.name}` });
    case 'account':
      return list<Pod>(api, namespace, signal, {
        fieldSelector: `spec.serviceAccountName=${selection.name}`,
      });
    case 'image':
      return (await list<Pod>(api, namespace, signal)).filter((pod) => runs(pod, selection.digest));
    case 'owner': {
      const [pods, owners] = await Promise.all([
        list<Pod>(api, namespace, signal),
        ownersOf(api, selection.target, signal),
      ]);
      return pods.filter((pod) => owners.has(controllerUid(pod)));
    }
  }
}

/** Uids of what owns the pods: a Deployment's ReplicaSets, and for any other kind the object itself. */
async function ownersOf(
  api: Api,
  { resource, name }: Target,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const { namespace } = api;
  const apiVersion = owners[resource];
  if (apiVersion === undefined) throw new OperationError(`${resource} "${name}" has no pods of its own`);
  const owner = await getObject<{ metadata?: { uid?: string } }>(
    api,
    { apiVersion, resource, namespace, name },
    signal,
  );
  const uid = owner.metadata?.uid ?? 'none';
  if (resource !== 'deployments') return new Set([uid]);
  const path = resourcePath({ group: 'apps', version: 'v1', namespace, resource: 'replicasets' });
  const uids = new Set<string>();
  for await (const set of listAll<ReplicaSet>(api, { path, signal })) {
    if (controllerUid(set) === uid) uids.add(set.metadata?.uid ?? '');
  }
  return uids;
}

function controllerUid({ metadata }: Pod | ReplicaSet): string {
  return metadata?.ownerReferences?.find((one) => one.controller === true)?.uid ?? '';
}

/** True when the runtime reports the digest for any container of the pod. */
function runs({ status }: Pod, digest: string): boolean {
  return [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ].some(({ imageID }) => imageID.endsWith(digest));
}

async function list<T extends object>(
  api: Api,
  namespace: string | undefined,
  signal: AbortSignal,
  query: NonNullable<ListRequest['query']> = {},
): Promise<T[]> {
  const path = resourcePath({ version: 'v1', namespace, resource: 'pods' });
  const objects: T[] = [];
  for await (const object of listAll<T>(api, { path, query, doing: 'list pods', signal }))
    objects.push(object);
  return objects;
}
