const groups: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  v1: {
    namespaces: 'Namespace',
    serviceaccounts: 'ServiceAccount',
    services: 'Service',
    configmaps: 'ConfigMap',
    secrets: 'Secret',
    pods: 'Pod',
    limitranges: 'LimitRange',
    resourcequotas: 'ResourceQuota',
  },
  'apps/v1': { deployments: 'Deployment', daemonsets: 'DaemonSet', statefulsets: 'StatefulSet' },
  'batch/v1': { jobs: 'Job', cronjobs: 'CronJob' },
  'networking.k8s.io/v1': { networkpolicies: 'NetworkPolicy', ingresses: 'Ingress' },
  'policy/v1': { poddisruptionbudgets: 'PodDisruptionBudget' },
  'rbac.authorization.k8s.io/v1': {
    roles: 'Role',
    rolebindings: 'RoleBinding',
    clusterroles: 'ClusterRole',
    clusterrolebindings: 'ClusterRoleBinding',
  },
  'admissionregistration.k8s.io/v1': {
    validatingadmissionpolicies: 'ValidatingAdmissionPolicy',
    validatingadmissionpolicybindings: 'ValidatingAdmissionPolicyBinding',
    mutatingadmissionpolicies: 'MutatingAdmissionPolicy',
    mutatingadmissionpolicybindings: 'MutatingAdmissionPolicyBinding',
    validatingwebhookconfigurations: 'ValidatingWebhookConfiguration',
    mutatingwebhookconfigurations: 'MutatingWebhookConfiguration',
  },
  'cilium.io/v2': {
    ciliumnetworkpolicies: 'CiliumNetworkPolicy',
    ciliumclusterwidenetworkpolicies: 'CiliumClusterwideNetworkPolicy',
  },
};

const kinds = new Map(
  Object.entries(groups).flatMap(([apiVersion, resources]) =>
    Object.entries(resources).map(([resource, kind]) => [resource, { apiVersion, kind }] as const),
  ),
);

/**
 * Version and kind of a resource that holds configuration; undefined for all others, such as leases, events, and what controllers
 * make of configuration. The plural alone decides: of two groups that share one, the one of Kubernetes is meant.
 */
export function auditedKind(
  resource: string,
): { readonly apiVersion: string; readonly kind: string } | undefined {
  return kinds.get(resource);
}
