import type { Api } from '../cluster/api.ts';
import { getObjectOrUndefined } from '../cluster/apply.ts';
import { bindsAccount, type BindingSubject } from '../cluster/binding.ts';
import { listAll } from '../cluster/list.ts';
import type { KubeObject, OwnerReference, Pod } from '../cluster/objects.ts';
import { objectPath, type ObjectRef, resourceOfKind, resourcePath } from '../cluster/path.ts';
import { type Labels, type LabelSelector, selects } from '../cluster/selector.ts';
import { ApiError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import type { Acquisition } from './acquisition.ts';
import { keepAnswer, keepList } from './api-items.ts';

const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1' } as const;
const apps = { group: 'apps', version: 'v1' } as const;
const admission = { group: 'admissionregistration.k8s.io', version: 'v1' } as const;
const admissionResources = [
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'validatingwebhookconfigurations',
  'mutatingwebhookconfigurations',
] as const;
/** An owner of an owner of an owner …: nobody builds longer chains. */
const longestChain = 8;

interface Binding extends KubeObject {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly BindingSubject[];
}

interface Selecting extends KubeObject {
  /** A NetworkPolicy has a `podSelector`; the `selector` of a Service is labels, that of a PodDisruptionBudget a selector. */
  readonly spec?: { readonly podSelector?: LabelSelector; readonly selector?: LabelSelector | Labels };
}

/**
 * What the API server has about a pod, byte for byte: the pod, who owns it up to the last one, its ServiceAccount with
 * the bindings and roles that give it rights, its events, and the policies, services, disruption budgets and
 * revisions of workloads of its namespace, and the admission policies and webhooks of the cluster. `related.json` says which
 * of them bind or select it. What may not be read is a gap.
 */
export async function collectPodObjects(
  api: Api,
  io: Io,
  acquisition: Acquisition,
  pod: Pod,
  signal: AbortSignal,
): Promise<void> {
  const { namespace = '', name = '', uid = '' } = pod.metadata ?? {};
  const account = pod.spec?.serviceAccountName ?? 'default';
  const keep = (ref: ObjectRef): Promise<boolean> =>
    keepAnswer(
      api,
      io,
      acquisition,
      {
        name: `live_response/kubernetes/${ref.resource}/${ref.name}.json`,
        path: objectPath(ref),
        doing: `get ${ref.resource} "${ref.name}"`,
      },
      signal,
    );
  await keep({ apiVersion: 'v1', resource: 'pods', namespace, name });
  await keepOwners(api, pod, keep, signal);
  await keep({ apiVersion: 'v1', resource: 'serviceaccounts', namespace, name: account });
  const paths = listPaths(namespace);
  for (const [what, path] of Object.entries(paths)) {
    const query = what === 'events' ? { query: { fieldSelector: `involvedObject.uid=${uid}` } } : {};
    const doing = `list ${what} about pod "${name}"`;
    await keepList(api, acquisition, { path, ...query, name: `kubernetes/${what}`, doing }, signal);
  }
  const bindings: Binding[] = [];
  for (const path of [paths.rolebindings, paths.clusterrolebindings])
    for (const binding of await read<Binding>(api, path, signal))
      if (bindsAccount(binding.subjects ?? [], binding.metadata.namespace, { namespace, name: account }))
        bindings.push(binding);
  const roles = new Map(bindings.map(({ roleRef }) => [`${roleRef.kind}/${roleRef.name}`, roleRef] as const));
  for (const { kind, name: role } of roles.values())
    await keep({
      apiVersion: `${rbac.group}/${rbac.version}`,
      resource: kind === 'ClusterRole' ? 'clusterroles' : 'roles',
      ...(kind === 'ClusterRole' ? {} : { namespace }),
      name: role,
    });
  const related = {
    bindings: bindings.map(({ kind, metadata, roleRef }) => ({
      kind,
      name: metadata.name,
      role: `${roleRef.kind}/${roleRef.name}`,
    })),
    ...(await selecting(api, paths, pod.metadata?.labels ?? {}, signal)),
  };
  await acquisition.addFile(
    'live_response/kubernetes/related.json',
    Buffer.from(`${JSON.stringify(related, undefined, 2)}\n`),
    { artifact: 'kubernetes', source: 'made from the lists beside it' },
  );
}

/** Paths of the lists that are kept, by resource. */
function listPaths(namespace: string) {
  const core = { version: 'v1', namespace } as const;
  return {
    events: resourcePath({ ...core, resource: 'events' }),
    services: resourcePath({ ...core, resource: 'services' }),
    networkpolicies: resourcePath({ ...core, group: 'networking.k8s.io', resource: 'networkpolicies' }),
    poddisruptionbudgets: resourcePath({ ...core, group: 'policy', resource: 'poddisruptionbudgets' }),
    rolebindings: resourcePath({ ...rbac, namespace, resource: 'rolebindings' }),
    clusterrolebindings: resourcePath({ ...rbac, resource: 'clusterrolebindings' }),
    // What the pod's owners were before, and what may have changed the pod when it was made.
    replicasets: resourcePath({ ...apps, namespace, resource: 'replicasets' }),
    controllerrevisions: resourcePath({ ...apps, namespace, resource: 'controllerrevisions' }),
    ...Object.fromEntries(
      admissionResources.map((resource) => [resource, resourcePath({ ...admission, resource })]),
    ),
  };
}

/** Names of the policies, services and disruption budgets that select a pod with these labels. */
async function selecting(
  api: Api,
  paths: ReturnType<typeof listPaths>,
  labels: Labels,
  signal: AbortSignal,
): Promise<Readonly<Record<'networkpolicies' | 'services' | 'poddisruptionbudgets', string[]>>> {
  const names = async (
    path: string,
    selectorOf: (spec: Selecting['spec']) => LabelSelector | undefined,
  ): Promise<string[]> =>
    (await read<Selecting>(api, path, signal)).flatMap(({ spec, metadata }) => {
      const selector = selectorOf(spec);
      return selector !== undefined && selects(selector, labels) ? [metadata.name] : [];
    });
  return {
    networkpolicies: await names(paths.networkpolicies, (spec) => spec?.podSelector ?? {}),
    services: await names(paths.services, (spec) =>
      spec?.selector === undefined ? undefined : { matchLabels: spec.selector as Labels },
    ),
    poddisruptionbudgets: await names(paths.poddisruptionbudgets, (spec) => spec?.selector),
  };
}

/** The owner of the pod, its owner, and so on. */
async function keepOwners(
  api: Api,
  pod: Pod,
  keep: (ref: ObjectRef) => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  const namespace = pod.metadata?.namespace;
  let owners: readonly OwnerReference[] = pod.metadata?.ownerReferences ?? [];
  for (let step = 0; step < longestChain && owners.length > 0; step += 1) {
    const next: OwnerReference[] = [];
    for (const { apiVersion, kind, name } of owners) {
      // A static pod is owned by its node, which is in no namespace.
      const ref = {
        apiVersion,
        resource: resourceOfKind(kind),
        ...(kind === 'Node' ? {} : { namespace }),
        name,
      };
      if (!(await keep(ref))) continue;
      const found = await getObjectOrUndefined<Pod>(api, ref, signal);
      next.push(...(found?.metadata?.ownerReferences ?? []));
    }
    owners = next;
  }
}

/** Objects of a list; none when it may not be read, which the list's own item tells. */
async function read<T extends object>(api: Api, path: string, signal: AbortSignal): Promise<T[]> {
  const objects: T[] = [];
  try {
    for await (const object of listAll<T>(api, { path, signal })) objects.push(object);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
  return objects;
}
