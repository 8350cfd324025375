import type { Right } from '../../cluster/access.ts';
import { type Places, rbac, rightsTo } from './right.ts';

/** What is looked at of the pod's account. To edit a binding one must be allowed to bind its role, or all that the role allows. */
export function identity({ namespace }: Places): Right[] {
  return [
    ...rightsTo(['get'], { resource: 'serviceaccounts', namespace }),
    ...rightsTo(['list'], { resource: 'secrets', namespace }),
    ...rightsTo(['list'], { ...rbac, resource: 'rolebindings' }),
    ...rightsTo(['list'], { ...rbac, resource: 'clusterrolebindings' }),
    ...rightsTo(['get', 'bind'], { ...rbac, resource: 'roles' }),
    ...rightsTo(['get', 'bind'], { ...rbac, resource: 'clusterroles' }),
  ];
}

/** What is looked at around the pod; what may not be is told as a gap. */
export function surroundings({ namespace }: Places): Right[] {
  const inNamespace: readonly (readonly [group: string, resource: string])[] = [
    ['', 'services'],
    ['', 'replicationcontrollers'],
    ['discovery.k8s.io', 'endpointslices'],
    ['networking.k8s.io', 'networkpolicies'],
    ['cilium.io', 'ciliumnetworkpolicies'],
    ['projectcalico.org', 'networkpolicies'],
    ['crd.projectcalico.org', 'networkpolicies'],
    ['policy', 'poddisruptionbudgets'],
    ['autoscaling', 'horizontalpodautoscalers'],
    ['apps', 'replicasets'],
    ['apps', 'daemonsets'],
    ['apps', 'statefulsets'],
    ['batch', 'jobs'],
  ];
  const everywhere: typeof inNamespace = [
    ['', 'pods'],
    ['cilium.io', 'ciliumclusterwidenetworkpolicies'],
    ['projectcalico.org', 'globalnetworkpolicies'],
    ['crd.projectcalico.org', 'globalnetworkpolicies'],
    ['admissionregistration.k8s.io', 'validatingwebhookconfigurations'],
    ['admissionregistration.k8s.io', 'mutatingwebhookconfigurations'],
    ['apiregistration.k8s.io', 'apiservices'],
    ['apiextensions.k8s.io', 'customresourcedefinitions'],
  ];
  return [
    ...inNamespace.flatMap(([group, resource]) =>
      rightsTo(['list'], { ...grouped(group), resource, namespace }),
    ),
    ...rightsTo(['get'], { resource: 'persistentvolumeclaims', namespace }),
    // The cluster's own, which are tried from the pod.
    ...rightsTo(['get'], { resource: 'services', namespace: 'default', name: 'kubernetes' }),
    ...rightsTo(['get'], {
      ...{ group: 'discovery.k8s.io', resource: 'endpointslices' },
      ...{ namespace: 'default', name: 'kubernetes' },
    }),
    ...rightsTo(['get'], { resource: 'services', namespace: 'kube-system', name: 'kube-dns' }),
    ...everywhere.flatMap(([group, resource]) => rightsTo(['list'], { ...grouped(group), resource })),
  ];
}

function grouped(group: string): { readonly group?: string } {
  return group === '' ? {} : { group };
}
