import { isIP } from 'node:net';
import type { NetworkPolicy, Node, Pod, ReplicaSet, Service } from '../cluster/objects.ts';
import { checkedUid } from './names.ts';
import { podProbes, type Probe } from './probes.ts';
import { type LabelSelector, type Labels, selects } from './selector.ts';

/** The ReplicaSet that owns a pod, and the Deployment above it. */
export interface ReplicaSetOwner {
  readonly kind: 'ReplicaSet';
  readonly name: string;
  readonly uid: string;
  readonly selector: LabelSelector;
  readonly wanted: number;
  readonly ready: number;
  readonly deployment?: string;
}

/** Any other controller; we keep its pods where they are. */
export interface OtherOwner {
  readonly kind: string;
  readonly name: string;
}

/** What is known of a pod before anything is done to it. */
export interface Subject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  /** Such as `containerd 2.2.1`; empty when the node was not read. */
  readonly runtime: string;
  /** Address that the kubelet probes; first of `addresses`. */
  readonly address: string;
  readonly addresses: readonly string[];
  /** Ids of the running containers, 64 hex digits each. */
  readonly containerIds: readonly string[];
  readonly labels: Labels;
  /** Value of the deletion-cost annotation, undefined when there is none. */
  readonly deletionCost?: string;
  readonly owner?: ReplicaSetOwner | OtherOwner;
  readonly services: readonly { readonly name: string; readonly selector: Labels }[];
  /** Policies that select the pod; `allows` when one still lets something through. */
  readonly policies: readonly { readonly name: string; readonly allows: boolean }[];
  readonly probes: readonly Probe[];
  /** TCP ports the containers declare. */
  readonly ports: readonly number[];
}

/** Objects around a pod, as the API server gave them. */
export interface Surroundings {
  readonly node: Node | undefined;
  readonly services: readonly Service[];
  readonly policies: readonly NetworkPolicy[];
  readonly replicaSet: ReplicaSet | undefined;
}

/** Facts of a running pod and what is around it. Throws OperationError when the pod has no usable uid. */
export function describeSubject(pod: Pod, around: Surroundings): Subject {
  const labels = pod.metadata?.labels ?? {};
  const addresses = podAddresses(pod);
  const cost = pod.metadata?.annotations?.['controller.kubernetes.io/pod-deletion-cost'];
  const owner = ownerOf(pod, around.replicaSet);
  return {
    namespace: pod.metadata?.namespace ?? '',
    name: pod.metadata?.name ?? '',
    uid: checkedUid(pod.metadata?.uid),
    node: pod.spec?.nodeName ?? '',
    runtime: (around.node?.status?.nodeInfo?.containerRuntimeVersion ?? '').replace('://', ' '),
    address: addresses[0] ?? '',
    addresses,
    containerIds: runningContainers(pod),
    labels,
    ...(cost === undefined ? {} : { deletionCost: cost }),
    ...(owner === undefined ? {} : { owner }),
    services: around.services.flatMap((service) => {
      const selector = service.spec?.selector ?? {};
      const chosen = Object.keys(selector).length > 0 && selects({ matchLabels: selector }, labels);
      return chosen ? [{ name: service.metadata?.name ?? '', selector }] : [];
    }),
    policies: around.policies
      .filter((policy) => selects((policy.spec?.podSelector ?? {}) as LabelSelector, labels))
      .map((policy) => ({ name: policy.metadata?.name ?? '', allows: allowsSomething(policy) })),
    probes: podProbes(pod),
    ports: (pod.spec?.containers ?? [])
      .flatMap((container) => container.ports ?? [])
      .filter((port) => (port.protocol ?? 'TCP') === 'TCP')
      .map((port) => port.containerPort),
  };
}

/** The controller of a pod, by its owner references. */
export function controllerOf(pod: Pod): { kind: string; name: string; uid: string } | undefined {
  const owner = pod.metadata?.ownerReferences?.find((one) => one.controller === true);
  return owner === undefined ? undefined : { kind: owner.kind, name: owner.name, uid: owner.uid };
}

/** True for a ReplicaSet owner, the only kind whose pods are detached. */
export function isReplicaSetOwner(owner: Subject['owner']): owner is ReplicaSetOwner {
  return owner !== undefined && 'selector' in owner;
}

function ownerOf(pod: Pod, replicaSet: ReplicaSet | undefined): Subject['owner'] {
  const controller = controllerOf(pod);
  if (controller === undefined) return undefined;
  if (controller.kind !== 'ReplicaSet' || replicaSet?.metadata?.uid !== controller.uid) {
    return { kind: controller.kind, name: controller.name };
  }
  const above = replicaSet.metadata.ownerReferences?.find((one) => one.controller === true);
  return {
    kind: 'ReplicaSet',
    name: controller.name,
    uid: controller.uid,
    selector: replicaSet.spec?.selector ?? {},
    wanted: replicaSet.spec?.replicas ?? 1,
    ready: replicaSet.status?.readyReplicas ?? 0,
    ...(above?.kind === 'Deployment' ? { deployment: above.name } : {}),
  };
}

function podAddresses(pod: Pod): string[] {
  const all = [pod.status?.podIP, ...(pod.status?.podIPs ?? []).map((one) => one.ip)];
  return [...new Set(all)].filter((one): one is string => one !== undefined && isIP(one) !== 0);
}

function runningContainers(pod: Pod): string[] {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  return statuses
    .filter((status) => status.state?.running !== undefined)
    .map((status) => /^[a-z0-9.-]+:\/\/([0-9a-f]{64})$/.exec(status.containerID ?? '')?.[1])
    .filter((id) => id !== undefined);
}

/** NetworkPolicy: a direction it names and gives rules for is open for what the rules say; policyTypes default to Ingress, plus Egress when it has egress rules. */
function allowsSomething(policy: NetworkPolicy): boolean {
  const rules = [...(policy.spec?.ingress ?? []), ...(policy.spec?.egress ?? [])];
  return rules.length > 0;
}
