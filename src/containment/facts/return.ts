import type { DaemonSet, Job, Pod, ReplicaSet, StatefulSet } from '../../cluster/objects.ts';
import type { OwnerKind, OwnerObject } from './owner.ts';

/** What an owner would do with a pod that comes back to it. */
export type Return =
  /** It would delete the pod, at once or soon. */
  | { readonly ends: string }
  /** It would not take it in. */
  | { readonly strange: string }
  /** It takes it in; `surplus` when it then has a pod too many and deletes one, which must not be this one. */
  | { readonly surplus: boolean };

/** What happens to a pod that gets its labels back, by the way in which each kind of controller chooses. */
export function returnOf(kind: OwnerKind, owner: OwnerObject, pod: Pod, others: readonly Pod[]): Return {
  switch (kind) {
    case 'ReplicaSet':
      return toReplicaSet(owner as ReplicaSet, others);
    case 'DaemonSet':
      return toDaemonSet(owner as DaemonSet, pod, others);
    case 'StatefulSet':
      return toStatefulSet(owner as StatefulSet, pod);
    case 'Job':
      return toJob(owner as Job, pod, others);
  }
}

/** Ranked by readiness, deletion cost, and more (Kubernetes, controller_utils.go, ActivePodsWithRanks). */
function toReplicaSet({ spec }: ReplicaSet, others: readonly Pod[]): Return {
  const wanted = spec?.replicas ?? 1;
  return wanted === 0 ? { ends: 'wants no pods now' } : { surplus: others.length >= wanted };
}

/** Of several pods on one node the oldest stays (Kubernetes, daemon_controller.go, podsShouldBeOnNode). */
function toDaemonSet({ metadata, spec, status }: DaemonSet, pod: Pod, others: readonly Pod[]): Return {
  const generation = metadata?.annotations?.['deprecated.daemonset.template.generation'];
  const own = pod.metadata?.labels?.['pod-template-generation'];
  if ((status?.desiredNumberScheduled ?? 1) === 0) return { ends: 'wants no pods now' };
  if (spec?.updateStrategy?.type !== 'OnDelete' && generation !== own) {
    return { ends: 'was changed since, and replaces pods of its old template' };
  }
  const node = pod.spec?.nodeName;
  const older = others.some(
    (other) =>
      other.spec?.nodeName === node &&
      Date.parse(other.metadata?.creationTimestamp ?? '') < Date.parse(pod.metadata?.creationTimestamp ?? ''),
  );
  return older
    ? { ends: 'has an older pod on that node' }
    : { surplus: others.some((other) => other.spec?.nodeName === node) };
}

/** A pod belongs to the set by its number, and to its revision by its hash (Kubernetes, "StatefulSets", Rolling Updates). */
function toStatefulSet({ spec, status }: StatefulSet, pod: Pod): Return {
  const ordinal = Number(/-(\d+)$/.exec(pod.metadata?.name ?? '')?.[1] ?? Number.NaN);
  const first = spec?.ordinals?.start ?? 0;
  if (!(ordinal < first + (spec?.replicas ?? 1))) return { ends: 'wants no pod of its number now' };
  const { type, rollingUpdate } = spec?.updateStrategy ?? {};
  const hash = pod.metadata?.labels?.['controller-revision-hash'];
  const updated = status?.updateRevision !== undefined && status.updateRevision !== hash;
  if (type !== 'OnDelete' && updated && ordinal >= (rollingUpdate?.partition ?? 0)) {
    return { ends: 'was changed since, and replaces pods of its old template' };
  }
  return { surplus: false };
}

/** Of too many pods the one that is ready for the longest time stays (Kubernetes, controller_utils.go, ActivePods). */
function toJob({ spec, status }: Job, pod: Pod, others: readonly Pod[]): Return {
  const over = status?.conditions?.find(
    (one) => ['Complete', 'Failed'].includes(one.type) && one.status === 'True',
  );
  if (over !== undefined) return { strange: 'has ended and takes no pod in' };
  if (spec?.suspend === true) return { ends: 'is suspended and deletes its pods' };
  const surplus = others.length >= (spec?.parallelism ?? 1);
  const longest = others.every((other) => readySince(pod) <= readySince(other));
  return surplus && !longest ? { ends: 'has pods that are ready for longer, which it keeps' } : { surplus };
}

/** Milliseconds since the epoch; a pod that is not ready counts as the latest. */
function readySince(pod: Pod): number {
  const ready = pod.status?.conditions?.find(({ type, status }) => type === 'Ready' && status === 'True');
  const since = Date.parse(ready?.lastTransitionTime ?? '');
  return Number.isNaN(since) ? Number.POSITIVE_INFINITY : since;
}
