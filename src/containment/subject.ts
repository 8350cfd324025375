import { isIP } from 'node:net';
import type { Pod } from '../cluster/objects.ts';
import { nodeReachOf } from './facts/node-reach.ts';
import { type Owner, ownerOf } from './facts/owner.ts';
import { readyEndpoints } from './facts/endpoints.ts';
import { checkedUid, ourAnnotations } from './names.ts';
import { falteringContainers, podProbes, type Probe } from './probes.ts';
import { type Labels, selects } from '../cluster/selector.ts';
import type { Surroundings } from './surroundings.ts';

/** A Service that selects the pod. */
export interface SubjectService {
  readonly name: string;
  readonly selector: Labels;
  /** Other ready endpoints of it. */
  readonly readyElsewhere: number;
}

/** What is known of a pod before anything is done to it. */
export interface Subject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  /** Such as `containerd 2.2.1`; empty when the node was not read. */
  readonly runtime: string;
  /** Such as `6.1.0-21-amd64`; empty when the node was not read. */
  readonly kernel: string;
  /** Address that the kubelet probes; first of `addresses`. */
  readonly address: string;
  readonly addresses: readonly string[];
  /** Ids of the running containers, 64 hex digits each. */
  readonly containerIds: readonly string[];
  /** See `sandboxSince`. */
  readonly sandboxSince?: string;
  /** Names of its containers and restartable init containers (sidecars), which share one link. */
  readonly containers: readonly string[];
  readonly labels: Labels;
  /** Those of its annotations that an isolation may change. */
  readonly annotations: Labels;
  readonly owner?: Owner;
  /** True when no new pods come to its node. */
  readonly cordoned: boolean;
  readonly services: readonly SubjectService[];
  /** Policies that select the pod; `allows` when one still lets something through. */
  readonly policies: readonly { readonly name: string; readonly allows: boolean }[];
  readonly probes: readonly Probe[];
  /** Names of containers that have not started or are not ready. */
  readonly faltering: readonly string[];
  /** By what it may control its node; empty for an ordinary pod. */
  readonly reach: readonly string[];
  /** TCP ports the containers declare. */
  readonly ports: readonly number[];
  /** Those that have names. */
  readonly namedPorts: ReadonlyMap<string, number>;
}

/** Facts of a running pod and what is around it. Throws OperationError when the pod has no usable uid. */
export function describeSubject(
  pod: Pod,
  around: Pick<Surroundings, 'node' | 'owner' | 'services' | 'slices' | 'policies'>,
): Subject {
  const labels = pod.metadata?.labels ?? {};
  const annotations = pod.metadata?.annotations ?? {};
  const addresses = podAddresses(pod);
  const owner = ownerOf(pod, around.owner);
  const since = sandboxSince(pod);
  const uid = checkedUid(pod.metadata?.uid);
  return {
    namespace: pod.metadata?.namespace ?? '',
    name: pod.metadata?.name ?? '',
    uid,
    node: pod.spec?.nodeName ?? '',
    runtime: (around.node?.status?.nodeInfo?.containerRuntimeVersion ?? '').replace('://', ' '),
    kernel: around.node?.status?.nodeInfo?.kernelVersion ?? '',
    address: addresses[0] ?? '',
    addresses,
    containerIds: runningContainers(pod),
    ...(since === undefined ? {} : { sandboxSince: since }),
    containers: containerNames(pod),
    labels,
    annotations: Object.fromEntries(
      Object.entries(annotations).filter(([key]) => ourAnnotations.includes(key)),
    ),
    ...(owner === undefined ? {} : { owner }),
    cordoned: around.node?.spec?.unschedulable === true,
    services: around.services.flatMap((service) => {
      const name = service.metadata?.name ?? '';
      const selector = service.spec?.selector ?? {};
      const chosen = Object.keys(selector).length > 0 && selects({ matchLabels: selector }, labels);
      const { elsewhere } = readyEndpoints(name, around.slices, { uid });
      return chosen ? [{ name, selector, readyElsewhere: elsewhere }] : [];
    }),
    policies: around.policies
      .filter((policy) => policy.selects(labels))
      .map(({ name, allows }) => ({ name, allows })),
    probes: podProbes(pod),
    faltering: falteringContainers(pod),
    reach: nodeReachOf(pod),
    ports: tcpPorts(pod).map((port) => port.containerPort),
    namedPorts: new Map(
      tcpPorts(pod).flatMap((port) => (port.name === undefined ? [] : [[port.name, port.containerPort]])),
    ),
  };
}

function containerNames(pod: Pod): string[] {
  const sidecars = (pod.spec?.initContainers ?? []).filter((one) => one.restartPolicy === 'Always');
  return [...(pod.spec?.containers ?? []), ...sidecars].map(({ name }) => name);
}

function tcpPorts(pod: Pod): NonNullable<NonNullable<Pod['spec']>['containers'][number]['ports']> {
  return (pod.spec?.containers ?? [])
    .flatMap((container) => container.ports ?? [])
    .filter((port) => (port.protocol ?? 'TCP') === 'TCP');
}

function podAddresses(pod: Pod): string[] {
  const all = [pod.status?.podIP, ...(pod.status?.podIPs ?? []).map((one) => one.ip)];
  return [...new Set(all)].filter((one): one is string => one !== undefined && isIP(one) !== 0);
}

/**
 * Since when the pod's sandbox is up, by the kubelet's clock: another time is another sandbox. Undefined while it is not, and where the
 * kubelet does not say it (condition PodReadyToStartContainers, Kubernetes 1.29).
 */
export function sandboxSince(pod: Pod): string | undefined {
  return pod.status?.conditions?.find(
    ({ type, status }) => type === 'PodReadyToStartContainers' && status === 'True',
  )?.lastTransitionTime;
}

/** Ids of its running containers. */
export function runningContainers(pod: Pod): string[] {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  return statuses
    .filter((status) => status.state?.running !== undefined)
    .map((status) => /^[a-z0-9.-]+:\/\/([0-9a-f]{64})$/.exec(status.containerID ?? '')?.[1])
    .filter((id) => id !== undefined);
}
