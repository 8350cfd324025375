import type { Right } from '../../cluster/access.ts';

/** Where a command works. */
export interface Places {
  /** Namespace of the pods that it is about. */
  readonly namespace: string;
  /** Namespace of the collector pods and of the containment records. */
  readonly collectorNamespace: string;
  /** What else has to be read to find the pods, such as the Deployment that was named. */
  readonly read?: readonly Right[];
}

/** The same object with each of some verbs. */
export function rightsTo(verbs: readonly string[], object: Omit<Right, 'verb'>): Right[] {
  return verbs.map((verb) => ({ verb, ...object }));
}

export const rbac = { group: 'rbac.authorization.k8s.io' } as const;

export const admission: readonly Omit<Right, 'verb'>[] = [
  { group: 'admissionregistration.k8s.io', resource: 'validatingadmissionpolicies' },
  { group: 'admissionregistration.k8s.io', resource: 'validatingadmissionpolicybindings' },
];

/**
 * The life of a collector pod. A WebSocket exec is a GET to the API server, and from Kubernetes 1.35 on it asks for
 * `create` as well (KEP-4006).
 */
export function collector({ collectorNamespace: namespace }: Places): Right[] {
  return [
    ...rightsTo(['get'], { resource: 'nodes' }),
    ...rightsTo(['get'], { resource: 'namespaces', name: namespace }),
    ...rightsTo(['get', 'list', 'watch', 'create', 'delete'], { resource: 'pods', namespace }),
    ...rightsTo(['get', 'create'], { resource: 'pods', subresource: 'exec', namespace }),
  ];
}

/** To find the pods that a command is about. */
export function subject({ namespace }: Places): Right[] {
  return rightsTo(['get', 'list'], { resource: 'pods', namespace });
}
