import type { Pod } from '../../cluster/objects.ts';

/** A part of the cluster itself that a pod is. */
export interface Component {
  readonly name: string;
  /** What stops or suffers without it. */
  readonly effect: string;
  /** True when writes to the API or our own way to the node may stop with it. */
  readonly stops: boolean;
}

interface Rule extends Component {
  readonly matches: (pod: Pod) => boolean;
}

/** Labels by which the field's own manifests mark their pods. */
const rules: readonly Rule[] = [
  {
    name: 'API server',
    effect: 'every request to the API stops, our undo included',
    stops: true,
    matches: (pod) => labelled(pod, ['component', 'k8s-app', 'app'], ['kube-apiserver', 'apiserver']),
  },
  {
    name: 'etcd',
    effect: 'the API loses a member of its store',
    stops: true,
    matches: (pod) => labelled(pod, ['component', 'k8s-app', 'app'], ['etcd']),
  },
  {
    name: 'konnectivity agent',
    effect: 'exec, logs and webhooks go through it, our own exec too',
    stops: true,
    matches: (pod) => labelled(pod, ['k8s-app', 'app'], ['konnectivity-agent']) || runs(pod, 'proxy-agent'),
  },
  {
    name: 'cluster DNS',
    effect: 'names are resolved by fewer servers, or not at all',
    stops: false,
    matches: (pod) =>
      labelled(pod, ['k8s-app', 'app.kubernetes.io/name'], ['kube-dns', 'coredns', 'node-local-dns']),
  },
  {
    name: 'network plugin',
    effect: 'pods of its node may not start, stop or be reached',
    stops: false,
    matches: (pod) =>
      (pod.spec?.volumes ?? []).some(({ hostPath }) => /\/cni(?:\/|$)/.test(hostPath?.path ?? '')),
  },
  {
    name: 'storage driver',
    effect: 'volumes can be neither mounted nor released through it',
    stops: false,
    matches: (pod) =>
      hasCsiSocket(pod) || runs(pod, 'csi-node-driver-registrar') || runs(pod, 'csi-provisioner'),
  },
];

/** The parts of the cluster that this pod is, by labels, images and mounts of the pod itself. */
export function componentsOf(pod: Pod): Component[] {
  return rules
    .filter((rule) => rule.matches(pod))
    .map(({ name, effect, stops }) => ({ name, effect, stops }));
}

function labelled(pod: Pod, keys: readonly string[], values: readonly string[]): boolean {
  const labels = pod.metadata?.labels ?? {};
  return keys.some((key) => Object.hasOwn(labels, key) && values.includes(labels[key] ?? ''));
}

/** By the last part of an image's name, without registry, tag and digest. */
function runs(pod: Pod, program: string): boolean {
  return (pod.spec?.containers ?? []).some(
    ({ image }) => image?.replace(/@.*$/, '').split('/').at(-1)?.replace(/:.*$/, '') === program,
  );
}

/** Drivers register with the kubelet below this directory (kubelet, "Device plugins" and CSI registration). */
function hasCsiSocket(pod: Pod): boolean {
  return (pod.spec?.volumes ?? []).some(({ hostPath }) =>
    /\/kubelet\/plugins(?:_registry)?(?:\/|$)/.test(hostPath?.path ?? ''),
  );
}
