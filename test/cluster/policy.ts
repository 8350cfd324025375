import type { Layout } from './layout.ts';
import { send } from './api.ts';

/** What becomes of NetworkPolicies: each node enforces them, or they are accepted and cut nothing, as with flannel. */
export const policies = ['enforce', 'none'] as const;
export type Policy = (typeof policies)[number];

/** User of the controllers on the nodes; node/services.sh starts one where its kubeconfig is. */
export const policyUser = 'network-policy';

/** File on a node that is there once its controller has loaded its first rules. */
export const policyReady = '/run/network-policy.ready';

/** Gives the controllers the rights that they need: to read all pods, namespaces and policies. */
export async function grantPolicyRights(layout: Layout): Promise<void> {
  const group = 'rbac.authorization.k8s.io';
  const object = { apiVersion: `${group}/v1`, metadata: { name: policyUser } };
  const verbs = ['list', 'watch'];
  await send(layout, 'POST', `/apis/${group}/v1/clusterroles`, {
    ...object,
    kind: 'ClusterRole',
    rules: [
      { apiGroups: [''], resources: ['pods', 'namespaces'], verbs },
      { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs },
    ],
  });
  await send(layout, 'POST', `/apis/${group}/v1/clusterrolebindings`, {
    ...object,
    kind: 'ClusterRoleBinding',
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: policyUser },
    subjects: [{ apiGroup: group, kind: 'User', name: policyUser }],
  });
}
