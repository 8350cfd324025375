import { OperationError } from '../output/errors.ts';

/** Label on everything of ours that belongs to one pod; its value is the pod's uid. */
export const podUidLabel = 'kubectl-ir/pod-uid';

/** Annotation of a node that we cordoned; its value is the uid of a pod for which. */
export const cordonAnnotation = 'kubectl-ir/cordoned-for';

/** Annotation by which a ReplicaSet chooses what to delete first (Kubernetes, ReplicaSet, "Pod deletion cost"). */
export const deletionCostAnnotation = 'controller.kubernetes.io/pod-deletion-cost';

/**
 * Annotations that keep programs which empty nodes away from a pod, with the values that do so: cluster-autoscaler (its FAQ,
 * "What types of pods can prevent CA from removing a node"), Karpenter ("Pod-level controls"), the descheduler ("Pod evictions").
 */
export const stayAnnotations: Readonly<Record<string, string>> = {
  'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
  'karpenter.sh/do-not-disrupt': 'true',
  'descheduler.alpha.kubernetes.io/prefer-no-eviction': 'true',
};

/** Every annotation of a pod that we may change. */
export const ourAnnotations: readonly string[] = [deletionCostAnnotation, ...Object.keys(stayAnnotations)];

/** Upper half of the packet mark on what the node itself sends to a probe port: "IR" in ASCII. */
export const probeMark = 0x4952_0000;

/** True for a uid as the API server makes it (RFC 9562 text form, lower case). */
export function isUid(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

/** The uid itself. Throws OperationError when it is none, so that no other text ever gets into a name or a script. */
export function checkedUid(value: unknown): string {
  if (isUid(value)) return value;
  throw new OperationError('the pod has no uid of the usual form', {
    advice: 'static pods and pods of other API servers cannot be isolated',
  });
}

/** Name of the policy and of the record of one pod. */
export function objectName(uid: string): string {
  return `ir-${checkedUid(uid)}`;
}

/** The nftables tables of one isolation. */
export interface TableNames {
  /** family inet: marks what the node sends to probe ports. */
  readonly mark: string;
  /** Drops on the node; in several families. */
  readonly cut: string;
  /** Drops in the pod's own network namespace. */
  readonly inside: string;
  /** Counts flows while a verdict is being reached, then goes; on the node and in the pod. */
  readonly count: string;
}

/** Names derived from the uid alone, so that whoever undoes the cut needs to trust no record for them. */
export function tableNames(uid: string): TableNames {
  const checked = checkedUid(uid);
  return {
    mark: `ir-mark-${checked}`,
    cut: `ir-cut-${checked}`,
    inside: `ir-inside-${checked}`,
    count: `ir-count-${checked}`,
  };
}

/** Mark, never matched, on our rules of routing: the first 32 bits of the uid, so that they are found by it. */
export function routeTag(uid: string): string {
  return `0x${(Number.parseInt(checkedUid(uid).slice(0, 8), 16) || 1).toString(16)}`;
}
