/**
 * What the API server writes into its audit log (audit.k8s.io/v1; the first rule that matches counts): who did what to
 * everything, and whole requests and answers where an incident is read from them: policies, rights and workloads.
 * Nothing of a Secret or a token is ever written but its name. Reading is never written whole: its answers are the
 * state, not what changed it, and lists of pods are long.
 */
export function auditPolicy(): object {
  const changes = ['create', 'update', 'patch', 'delete', 'deletecollection'];
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    // Each request is told again when it has been answered.
    omitStages: ['RequestReceived'],
    omitManagedFields: true,
    rules: [
      {
        level: 'Metadata',
        resources: [
          { group: '', resources: ['secrets', 'serviceaccounts/token'] },
          { group: 'authentication.k8s.io' },
        ],
      },
      {
        level: 'RequestResponse',
        verbs: changes,
        resources: [
          { group: 'networking.k8s.io' },
          { group: 'admissionregistration.k8s.io' },
          { group: 'rbac.authorization.k8s.io' },
          { group: '', resources: ['pods', 'pods/ephemeralcontainers', 'pods/eviction', 'pods/binding'] },
          { group: 'apps' },
          { group: 'batch' },
        ],
      },
      { level: 'Metadata' },
    ],
  };
}
