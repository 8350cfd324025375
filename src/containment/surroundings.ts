import type { Api } from '../cluster/api.ts';
import { type ApiGroups, apiGroups } from '../cluster/discovery.ts';
import type {
  EndpointSlice,
  HorizontalPodAutoscaler,
  NetworkPolicy,
  Node,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  Service,
} from '../cluster/objects.ts';
import { type Adopter, adoptersOf, type Controller } from './facts/adoption.ts';
import { calicoPolicies, type CalicoPolicy } from './facts/calico.ts';
import { ciliumPolicies, type CiliumPolicy } from './facts/cilium.ts';
import { controllerOf, ownerKindOf, type OwnerObject, ownerResource } from './facts/owner.ts';
import { networkPolicies, type Policy } from './facts/policy.ts';
import type { ServerBackends } from './facts/served.ts';
import { claimNames } from './facts/volume.ts';
import { type Kind, Reader } from './reader.ts';
import { selects } from '../cluster/selector.ts';

/** Objects around a pod, as the API server gave them. */
export interface Surroundings {
  readonly groups: ApiGroups;
  readonly node: Node | undefined;
  readonly owner: OwnerObject | undefined;
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
  readonly policies: readonly Policy[];
  readonly adopters: readonly Adopter[];
  readonly budgets: readonly PodDisruptionBudget[];
  readonly autoscalers: readonly HorizontalPodAutoscaler[];
  readonly claims: readonly PersistentVolumeClaim[];
  /** Running pods, of the whole cluster where that may be listed. */
  readonly pods: readonly Pod[];
  readonly backends: ServerBackends;
  /** What was not looked at, and why. */
  readonly gaps: readonly string[];
}

const kinds = {
  services: { version: 'v1', resource: 'services' },
  slices: { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' },
  policies: { group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies' },
  budgets: { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets' },
  autoscalers: { group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers' },
  pods: { version: 'v1', resource: 'pods' },
} as const satisfies Readonly<Record<string, Kind>>;

const adopterKinds: readonly Kind[] = [
  ...['replicasets', 'daemonsets', 'statefulsets'].map((resource) => ({
    group: 'apps',
    version: 'v1',
    resource,
  })),
  { group: 'batch', version: 'v1', resource: 'jobs' },
  { version: 'v1', resource: 'replicationcontrollers' },
];

/** Reads what is around a pod, everything at once. What may not be read is a gap. Throws ApiError when the server can't be reached. */
export async function readSurroundings(
  api: Api,
  pod: Pod,
  signal: AbortSignal,
  reader = new Reader(api, signal),
): Promise<Surroundings> {
  const common = readNamespace(api, reader, pod.metadata?.namespace ?? '');
  const read = await Promise.all([
    nodeOf(reader, pod),
    ownerOf(reader, pod),
    policiesOf(reader, pod, common.groups),
    claimsOf(reader, pod),
    common.services.then((all) => backendsOf(reader, pod, all)),
    ...([common.slices, common.controllers, common.budgets, common.autoscalers, common.pods] as const),
  ]);
  const [node, owner, policies, claims, backends, slices, controllers, budgets, autoscalers, pods] = read;
  return {
    groups: (await common.groups) ?? new Map<string, readonly string[]>(),
    node,
    owner,
    services: await common.services,
    slices,
    policies,
    adopters: adoptersOf(controllers.flat()),
    budgets,
    autoscalers,
    claims,
    pods,
    backends,
    gaps: [...new Set(reader.gaps)],
  };
}

/** Begins to read what is the same for every pod of a namespace, so that it is there when the pod itself is known. */
export function readAhead(api: Api, reader: Reader, namespace: string): void {
  // A failure is told to who reads on.
  for (const begun of Object.values(readNamespace(api, reader, namespace))) begun.catch(() => undefined);
}

function readNamespace(
  api: Api,
  reader: Reader,
  namespace: string,
): {
  readonly groups: Promise<ApiGroups | undefined>;
  readonly services: Promise<readonly Service[]>;
  readonly slices: Promise<readonly EndpointSlice[]>;
  readonly policies: Promise<readonly NetworkPolicy[]>;
  readonly controllers: Promise<readonly (readonly Controller[])[]>;
  readonly budgets: Promise<readonly PodDisruptionBudget[]>;
  readonly autoscalers: Promise<readonly HorizontalPodAutoscaler[]>;
  readonly pods: Promise<readonly Pod[]>;
} {
  const list = <T extends object>(kind: Kind): Promise<readonly T[]> => reader.list<T>(kind, namespace);
  return {
    groups: reader.read('API groups', (limited) => apiGroups(api, limited)),
    services: list(kinds.services),
    slices: list(kinds.slices),
    policies: list(kinds.policies),
    controllers: Promise.all(adopterKinds.map((kind) => list<Controller>(kind))),
    budgets: list(kinds.budgets),
    autoscalers: list(kinds.autoscalers),
    pods: runningPods(reader, namespace),
  };
}

function nodeOf(reader: Reader, pod: Pod): Promise<Node | undefined> {
  const name = pod.spec?.nodeName ?? '';
  if (name === '') return Promise.resolve(undefined);
  return reader.get<Node>({ apiVersion: 'v1', resource: 'nodes', name }, `node ${name}`);
}

function ownerOf(reader: Reader, pod: Pod): Promise<OwnerObject | undefined> {
  const controller = controllerOf(pod);
  const kind = ownerKindOf(controller?.kind);
  if (controller === undefined || kind === undefined) return Promise.resolve(undefined);
  const { name } = controller;
  const ref = { ...ownerResource(kind), namespace: pod.metadata?.namespace, name };
  return reader.get<OwnerObject>(ref, `owner ${kind.toLowerCase()}/${name}`);
}

async function claimsOf(reader: Reader, pod: Pod): Promise<PersistentVolumeClaim[]> {
  const namespace = pod.metadata?.namespace;
  const found = claimNames(pod).map((name) =>
    reader.get<PersistentVolumeClaim>(
      { apiVersion: 'v1', resource: 'persistentvolumeclaims', namespace, name },
      `volume claim ${name}`,
    ),
  );
  return (await Promise.all(found)).filter((claim) => claim !== undefined);
}

/** Of the cluster, or of the namespace where no more may be listed. */
async function runningPods(reader: Reader, namespace: string): Promise<readonly Pod[]> {
  const query = { fieldSelector: 'status.phase=Running' };
  const everywhere = await reader.list<Pod>(kinds.pods, undefined, query);
  return everywhere.length > 0 ? everywhere : reader.list<Pod>(kinds.pods, namespace, query);
}

/** Network policies, and those of networks that have kinds of their own, when the API has them. */
async function policiesOf(
  reader: Reader,
  { metadata, spec }: Pod,
  groups: Promise<ApiGroups | undefined>,
): Promise<Policy[]> {
  const pod = {
    namespace: metadata?.namespace ?? '',
    serviceAccount: spec?.serviceAccountName ?? 'default',
  };
  const own = reader.list<NetworkPolicy>(kinds.policies, pod.namespace);
  const known = (await groups) ?? new Map<string, readonly string[]>();
  const both = async <T extends object>(kind: Kind, wide: string): Promise<T[]> => {
    if (!known.has(kind.group ?? '')) return [];
    const lists = [
      reader.list<T>(kind, pod.namespace),
      reader.list<T>({ ...kind, resource: wide }, undefined),
    ];
    return (await Promise.all(lists)).flat();
  };
  const cilium = { group: 'cilium.io', version: 'v2', resource: 'ciliumnetworkpolicies' };
  const calico = known.has('projectcalico.org')
    ? { group: 'projectcalico.org', version: 'v3', resource: 'networkpolicies' }
    : { group: 'crd.projectcalico.org', version: 'v1', resource: 'networkpolicies' };
  const [ciliums, calicos] = await Promise.all([
    both<CiliumPolicy>(cilium, 'ciliumclusterwidenetworkpolicies'),
    both<CalicoPolicy>(calico, 'globalnetworkpolicies'),
  ]);
  return [...networkPolicies(await own), ...ciliumPolicies(ciliums, pod), ...calicoPolicies(calicos, pod)];
}

/** What the API server asks of Services; looked at only when a Service selects the pod, for it is asked of no pod directly. */
async function backendsOf(reader: Reader, pod: Pod, services: readonly Service[]): Promise<ServerBackends> {
  const labels = pod.metadata?.labels ?? {};
  const chosen = services.some(
    ({ spec }) => spec?.selector !== undefined && selects({ matchLabels: spec.selector }, labels),
  );
  if (!chosen) return { webhooks: [], apiServices: [], definitions: [] };
  const list = <T extends object>(group: string, resource: string): Promise<readonly T[]> =>
    reader.list<T>({ group, version: 'v1', resource }, undefined);
  const admission = 'admissionregistration.k8s.io';
  const [validating, mutating, apiServices, definitions] = await Promise.all([
    list<ServerBackends['webhooks'][number]>(admission, 'validatingwebhookconfigurations'),
    list<ServerBackends['webhooks'][number]>(admission, 'mutatingwebhookconfigurations'),
    list<ServerBackends['apiServices'][number]>('apiregistration.k8s.io', 'apiservices'),
    list<ServerBackends['definitions'][number]>('apiextensions.k8s.io', 'customresourcedefinitions'),
  ]);
  return { webhooks: [...validating, ...mutating], apiServices, definitions };
}
