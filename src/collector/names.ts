/** Namespace of the collectors unless `--collector-namespace` names another. */
export const collectorNamespace = 'kubectl-ir';

/** Labels of what is ours. Every object of ours, of any kind, has `podUid`; its value is `none` where no pod or node is meant. */
export const labels = {
  managedBy: 'app.kubernetes.io/managed-by',
  role: 'kubectl-ir/role',
  podUid: 'kubectl-ir/pod-uid',
} as const;

/** The case's name is longer than a label may be. */
export const annotations = { case: 'kubectl-ir/case' } as const;

/** What a pod of ours is: privileged on a node, or without any right, to make tries from. */
export type Role = 'collector' | 'probe';

/** Selects the pods that we run, collectors and probe pods. */
export const podSelector = `${labels.role} in (collector,probe),${labels.managedBy}=kubectl-ir`;
