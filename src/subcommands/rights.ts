import type { Right } from '../cluster/access.ts';
import { actionKinds, type ActionKind, type ActRecord } from '../containment/acts/acts.ts';
import { groupOf, networkKinds, networks } from '../containment/acts/deny-objects.ts';
import { type OwnerKind, ownerKinds } from '../containment/facts/owner.ts';
import { identityCuts } from '../containment/identity.ts';
import { actRights, core, ownerOf, undoRights } from './rights/acts.ts';
import { identity, surroundings } from './rights/around.ts';
import { admission, collector, type Places, rbac, rightsTo, subject } from './rights/right.ts';

/** Commands, and parts of them with rights of their own, that need rights in the cluster, in the order of help. */
export const clusterCommands = [
  'isolate',
  'cut-identity',
  'release',
  'status',
  'respond',
  'snapshot',
  'stats',
  'diff',
  'changes',
  'verify-fix',
  'preflight',
  'cleanup',
] as const;

export type ClusterCommand = (typeof clusterCommands)[number];

/**
 * What a command must be allowed to do, each right once. The collector's namespace is taken as existing; whoever is to create it needs
 * `createNamespace` as well.
 */
export function rightsOf(command: ClusterCommand, places: Places): Right[] {
  const rights = table[command](places);
  return [...new Map(rights.map((right) => [JSON.stringify(right), right])).values()];
}

/** Needed once per cluster, when the collector's namespace is absent. */
export const createNamespace: Right = { verb: 'create', resource: 'namespaces' };

const table: Readonly<Record<ClusterCommand, (places: Places) => Right[]>> = {
  isolate: (places) => [
    ...core(places),
    ...actionKinds.filter((kind) => !isIdentityCut(kind)).flatMap((kind) => actRights(kind, places)),
    ...surroundings(places),
    ...(places.read ?? []),
    // Of a node that is isolated, whether it is the last of the control plane.
    ...rightsTo(['list'], { resource: 'nodes' }),
  ],
  // Apart from the others, because the right to bind roles amounts to all rights.
  'cut-identity': (places) => [...identityCuts.flatMap((cut) => actRights(cut, places)), ...identity(places)],
  release: (places) => [
    ...undoRights(
      [
        { kind: 'guard', budget: true, policy: true, annotations: {} },
        { kind: 'cut' },
        { kind: 'inside' },
        { kind: 'deny', networks },
        { kind: 'cordon' },
        ...ownerKinds.map(detachedFrom),
      ],
      places,
    ),
    // Of a node that was cordoned, whether another isolated pod is on it, in whatever namespace: it is uncordoned with the last one.
    ...rightsTo(['list'], { resource: 'pods' }),
  ],
  // Fewer are enough to see less: status names what it may not list.
  status: () => [
    ...rightsTo(['list'], { resource: 'namespaces' }),
    ...rightsTo(['list'], { resource: 'configmaps' }),
    ...[
      { resource: 'pods' },
      { group: 'networking.k8s.io', resource: 'networkpolicies' },
      ...networks.map((one) => ({ group: groupOf(one), resource: networkKinds[one].resource })),
      { group: 'policy', resource: 'poddisruptionbudgets' },
      ...admission,
    ].flatMap((object) => rightsTo(['list', 'get'], object)),
    // For what others changed since; what is left of an identity that was cut takes the rights to cut it.
    ...rightsTo(['get'], { resource: 'nodes' }),
    ...ownerKinds.map(ownerOf).flatMap((object) => rightsTo(['get'], object)),
  ],
  respond: (places) => [...table.isolate(places), ...table.snapshot(places), ...table.diff(places)],
  snapshot: (places) => [
    ...collector(places),
    ...rightsTo(['list'], { resource: 'nodes' }),
    ...rightsTo(['list'], { resource: 'pods' }),
    ...rightsTo(['list'], { resource: 'events' }),
    // What the pods of the node may do in the name of their accounts.
    ...['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'].flatMap((resource) =>
      rightsTo(['list'], { ...rbac, resource }),
    ),
  ],
  // Of the collector only; --from kubelet needs get on nodes/proxy, which also lets its user run commands in every pod.
  stats: (places) => [...collector(places), ...subject(places)],
  diff: (places) => [...collector(places), ...subject(places), ...(places.read ?? [])],
  // Fewer are enough to see less: changes names what it may not read. Secrets are those in which Helm keeps its releases.
  changes: ({ namespace }) => [
    ...rightsTo(['get'], { resource: 'namespaces' }),
    ...['pods', 'events', 'secrets', 'configmaps'].flatMap((resource) =>
      rightsTo(['list'], { resource, namespace }),
    ),
    ...['pods', 'serviceaccounts'].flatMap((resource) => rightsTo(['get'], { resource, namespace })),
    ...['deployments', 'statefulsets', 'daemonsets', 'replicasets'].flatMap((resource) =>
      rightsTo(['get', 'list'], { group: 'apps', resource, namespace }),
    ),
    ...rightsTo(['list'], { group: 'apps', resource: 'controllerrevisions', namespace }),
    ...['jobs', 'cronjobs'].flatMap((resource) =>
      rightsTo(['get', 'list'], { group: 'batch', resource, namespace }),
    ),
    ...rightsTo(['list'], { group: 'networking.k8s.io', resource: 'networkpolicies', namespace }),
    ...rightsTo(['list'], { ...rbac, resource: 'rolebindings', namespace }),
    ...rightsTo(['get'], { ...rbac, resource: 'roles', namespace }),
    ...rightsTo(['list'], { ...rbac, resource: 'clusterrolebindings' }),
    ...rightsTo(['get'], { ...rbac, resource: 'clusterroles' }),
    ...[
      ...admission.map(({ resource }) => resource),
      'validatingwebhookconfigurations',
      'mutatingwebhookconfigurations',
    ].flatMap((resource) => rightsTo(['list'], { group: 'admissionregistration.k8s.io', resource })),
  ],
  // The pods of a case and those that took their place, compared, and their nodes; what an isolation left is looked at as far as may be.
  'verify-fix': (places) => [
    ...table.snapshot(places),
    ...table.diff(places),
    ...rightsTo(['get', 'list'], { resource: 'configmaps', namespace: places.collectorNamespace }),
    ...rightsTo(['get', 'list'], { group: 'apps', resource: 'replicasets', namespace: places.namespace }),
    ...rightsTo(['get', 'list'], { group: 'batch', resource: 'jobs', namespace: places.namespace }),
  ],
  preflight: (places) => [...collector(places), ...rightsTo(['list'], { resource: 'nodes' })],
  cleanup: ({ collectorNamespace }) =>
    rightsTo(['get', 'list', 'delete'], { resource: 'pods', namespace: collectorNamespace }),
};

function detachedFrom(kind: OwnerKind): ActRecord {
  return { kind: 'detach', labels: {}, owner: { kind, name: '', uid: '' } };
}

function isIdentityCut(kind: ActionKind): boolean {
  return identityCuts.some((cut) => cut === kind);
}
