/** Namespace of the collectors unless `--collector-namespace` names another. */
export const collectorNamespace = 'kubectl-ir';

/** Labels of our objects. Each of them, of any kind, has `podUid`, with the value `none` when it is about no pod or node. */
export const labels = {
  managedBy: 'app.kubernetes.io/managed-by',
  role: 'kubectl-ir/role',
  podUid: 'kubectl-ir/pod-uid',
} as const;

/** The case's name is longer than a label may be. */
export const annotations = { case: 'kubectl-ir/case' } as const;

/** What a pod of ours is for: `collector` is privileged and reads its node, `probe` has no rights and only makes connections. */
export type Role = 'collector' | 'probe';

/** Selects the pods that we run, collectors and probe pods. */
export const podSelector = `${labels.role} in (collector,probe),${labels.managedBy}=kubectl-ir`;
