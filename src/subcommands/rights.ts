import type { Right } from '../cluster/access.ts';
import { splitApiVersion } from '../cluster/path.ts';
import { type ActionKind, actionKinds, type ActRecord, nodeKinds } from '../containment/acts/acts.ts';
import { groupOf, networkKinds, networks } from '../containment/acts/deny-objects.ts';
import { type OwnerKind, ownerKinds, ownerResource } from '../containment/facts/owner.ts';
import { identityCuts } from '../containment/identity.ts';

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

/** Where a command works. */
export interface Places {
  /** Namespace of the pods that it is about. */
  readonly namespace: string;
  /** Namespace of the collector pods and of the containment records. */
  readonly collectorNamespace: string;
  /** What else has to be read to find the pods, such as the Deployment that was named. */
  readonly read?: readonly Right[];
}

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
    ...actionKinds.filter((kind) => !isIdentityCut(kind)).flatMap((kind) => acts[kind](places)),
    ...surroundings(places),
  ],
  // Apart from the others, because the right to bind roles amounts to all rights.
  'cut-identity': (places) => [...identityCuts.flatMap((cut) => acts[cut](places)), ...identity(places)],
  release: (places) =>
    undoRights(
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
  // Fewer are enough to see less: status names what it may not list.
  status: () => [
    ...all(['list'], { resource: 'namespaces' }),
    ...all(['list'], { resource: 'configmaps' }),
    ...[
      { resource: 'pods' },
      { group: 'networking.k8s.io', resource: 'networkpolicies' },
      ...networks.map((one) => ({ group: groupOf(one), resource: networkKinds[one].resource })),
      { group: 'policy', resource: 'poddisruptionbudgets' },
      ...admission,
    ].flatMap((object) => all(['list', 'get'], object)),
    // For what others changed since; what is left of an identity that was cut takes the rights to cut it.
    ...all(['get'], { resource: 'nodes' }),
    ...ownerKinds.map(ownerOf).flatMap((object) => all(['get'], object)),
  ],
  respond: (places) => [...table.isolate(places), ...table.snapshot(places), ...table.diff(places)],
  snapshot: (places) => [
    ...collector(places),
    ...all(['list'], { resource: 'nodes' }),
    ...all(['list'], { resource: 'pods' }),
    ...all(['list'], { resource: 'events' }),
    // What the pods of the node may do in the name of their accounts.
    ...['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'].flatMap((resource) =>
      all(['list'], { ...rbac, resource }),
    ),
  ],
  // Of the collector only; --from kubelet needs get on nodes/proxy, which also lets its user run commands in every pod.
  stats: (places) => [...collector(places), ...subject(places)],
  diff: (places) => [...collector(places), ...subject(places), ...(places.read ?? [])],
  // Fewer are enough to see less: changes names what it may not read. Secrets are those in which Helm keeps its releases.
  changes: ({ namespace }) => [
    ...all(['get'], { resource: 'namespaces' }),
    ...['pods', 'events', 'secrets', 'configmaps'].flatMap((resource) =>
      all(['list'], { resource, namespace }),
    ),
    ...['pods', 'serviceaccounts'].flatMap((resource) => all(['get'], { resource, namespace })),
    ...['deployments', 'statefulsets', 'daemonsets', 'replicasets'].flatMap((resource) =>
      all(['get', 'list'], { group: 'apps', resource, namespace }),
    ),
    ...all(['list'], { group: 'apps', resource: 'controllerrevisions', namespace }),
    ...['jobs', 'cronjobs'].flatMap((resource) =>
      all(['get', 'list'], { group: 'batch', resource, namespace }),
    ),
    ...all(['list'], { group: 'networking.k8s.io', resource: 'networkpolicies', namespace }),
    ...all(['list'], { ...rbac, resource: 'rolebindings', namespace }),
    ...all(['get'], { ...rbac, resource: 'roles', namespace }),
    ...all(['list'], { ...rbac, resource: 'clusterrolebindings' }),
    ...all(['get'], { ...rbac, resource: 'clusterroles' }),
    ...[
      ...admission.map(({ resource }) => resource),
      'validatingwebhookconfigurations',
      'mutatingwebhookconfigurations',
    ].flatMap((resource) => all(['list'], { group: 'admissionregistration.k8s.io', resource })),
  ],
  // The pods of a case and those that took their place, compared, and their nodes; what an isolation left is looked at as far as may be.
  'verify-fix': (places) => [
    ...table.snapshot(places),
    ...table.diff(places),
    ...all(['get', 'list'], { resource: 'configmaps', namespace: places.collectorNamespace }),
    ...all(['get', 'list'], { group: 'apps', resource: 'replicasets', namespace: places.namespace }),
    ...all(['get', 'list'], { group: 'batch', resource: 'jobs', namespace: places.namespace }),
  ],
  preflight: (places) => [...collector(places), ...all(['list'], { resource: 'nodes' })],
  cleanup: ({ collectorNamespace }) =>
    all(['get', 'list', 'delete'], { resource: 'pods', namespace: collectorNamespace }),
};

/**
 * The life of a collector pod. A WebSocket exec is a GET to the API server, and from Kubernetes 1.35 on it asks for
 * `create` as well (KEP-4006).
 */
function collector({ collectorNamespace: namespace }: Places): Right[] {
  return [
    ...all(['get'], { resource: 'nodes' }),
    ...all(['get'], { resource: 'namespaces', name: namespace }),
    ...all(['get', 'list', 'watch', 'create', 'delete'], { resource: 'pods', namespace }),
    ...all(['get', 'create'], { resource: 'pods', subresource: 'exec', namespace }),
  ];
}

function subject({ namespace }: Places): Right[] {
  return all(['get', 'list'], { resource: 'pods', namespace });
}

/** Without these nothing is isolated, because it could not be undone: the pod and its record. */
export function core({ namespace, collectorNamespace }: Places): Right[] {
  return [
    ...subject({ namespace, collectorNamespace }),
    ...all(['patch'], { resource: 'pods', namespace }),
    ...all(['get', 'list', 'create', 'patch', 'delete'], {
      resource: 'configmaps',
      namespace: collectorNamespace,
    }),
  ];
}

/** What each act needs, to be done and undone. */
const acts: Readonly<Record<ActionKind, (places: Places) => Right[]>> = {
  guard: ({ namespace }) => [
    ...all(['get', 'create', 'delete'], { group: 'policy', resource: 'poddisruptionbudgets', namespace }),
    ...admission.flatMap((object) => all(['get', 'create', 'delete'], object)),
    // Only ever as a dry run, to show that it is refused.
    ...all(['delete'], { resource: 'pods', namespace }),
  ],
  freeze: (places) => collector(places),
  cut: (places) => collector(places),
  inside: (places) => collector(places),
  deny: ({ namespace }) => [
    ...all(['get', 'create', 'delete'], {
      group: 'networking.k8s.io',
      resource: 'networkpolicies',
      namespace,
    }),
    // Only asked of networks that the API has.
    ...networks.flatMap((network) =>
      all(['get', 'list', 'create', 'delete'], {
        group: groupOf(network),
        resource: networkKinds[network].resource,
        namespace,
      }),
    ),
  ],
  token: ({ namespace }) => [
    ...admission.flatMap((object) => all(['get', 'create', 'delete'], object)),
    // Only ever as a dry run, to show that it is refused.
    ...all(['create'], { resource: 'configmaps', namespace }),
  ],
  bindings: () => [
    ...all(['get', 'patch'], { ...rbac, resource: 'rolebindings' }),
    ...all(['get', 'patch'], { ...rbac, resource: 'clusterrolebindings' }),
  ],
  account: ({ namespace }) =>
    all(['get', 'create', 'patch', 'delete'], { resource: 'serviceaccounts', namespace }),
  cordon: () => all(['get', 'patch'], { resource: 'nodes' }),
  // Only of the owner that the pod has.
  detach: ({ namespace }) =>
    ownerKinds.map(ownerOf).flatMap((object) => all(['get'], { ...object, namespace })),
};

function detachedFrom(kind: OwnerKind): ActRecord {
  return { kind: 'detach', labels: {}, owner: { kind, name: '', uid: '' } };
}

function ownerOf(kind: OwnerKind): { readonly group: string; readonly resource: string } {
  const { apiVersion, resource } = ownerResource(kind);
  return { group: splitApiVersion(apiVersion).group, resource };
}

/** What one act needs. */
export function actRights(kind: ActionKind, places: Places): Right[] {
  return acts[kind](places);
}

/** What taking recorded acts back needs; of guards and deny policies only what was placed, of owners the one that was left. */
export function undoRights(records: readonly ActRecord[], places: Places): Right[] {
  return [
    ...core(places),
    ...records.flatMap((record) =>
      actRights(record.kind, places).filter(({ verb, group, resource }) => {
        if (nodeKinds.includes(record.kind)) return true;
        if (record.kind === 'account') return true;
        if (verb === 'create') return false;
        if (record.kind === 'detach') {
          return record.owner !== undefined && ownerOf(record.owner.kind).resource === resource;
        }
        if (record.kind === 'deny') {
          return (
            group === 'networking.k8s.io' || record.networks.some((network) => groupOf(network) === group)
          );
        }
        if (record.kind !== 'guard') return true;
        return resource !== 'pods' && (group === 'policy' ? record.budget : record.policy);
      }),
    ),
  ];
}

const admission: readonly Omit<Right, 'verb'>[] = [
  { group: 'admissionregistration.k8s.io', resource: 'validatingadmissionpolicies' },
  { group: 'admissionregistration.k8s.io', resource: 'validatingadmissionpolicybindings' },
];

const rbac = { group: 'rbac.authorization.k8s.io' } as const;

/** What is looked at of the pod's account. To edit a binding one must be allowed to bind its role, or all that the role allows. */
function identity({ namespace }: Places): Right[] {
  return [
    ...all(['get'], { resource: 'serviceaccounts', namespace }),
    ...all(['list'], { resource: 'secrets', namespace }),
    ...all(['list'], { ...rbac, resource: 'rolebindings' }),
    ...all(['list'], { ...rbac, resource: 'clusterrolebindings' }),
    ...all(['get', 'bind'], { ...rbac, resource: 'roles' }),
    ...all(['get', 'bind'], { ...rbac, resource: 'clusterroles' }),
  ];
}

function isIdentityCut(kind: ActionKind): boolean {
  return identityCuts.some((cut) => cut === kind);
}

/** What is looked at around the pod; what may not be is told as a gap. */
function surroundings({ namespace }: Places): Right[] {
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
    ...inNamespace.flatMap(([group, resource]) => all(['list'], { ...grouped(group), resource, namespace })),
    ...all(['get'], { resource: 'persistentvolumeclaims', namespace }),
    // The cluster's own, which are tried from the pod.
    ...all(['get'], { resource: 'services', namespace: 'default', name: 'kubernetes' }),
    ...all(['get'], {
      ...{ group: 'discovery.k8s.io', resource: 'endpointslices' },
      ...{ namespace: 'default', name: 'kubernetes' },
    }),
    ...all(['get'], { resource: 'services', namespace: 'kube-system', name: 'kube-dns' }),
    ...everywhere.flatMap(([group, resource]) => all(['list'], { ...grouped(group), resource })),
  ];
}

function grouped(group: string): { readonly group?: string } {
  return group === '' ? {} : { group };
}

function all(verbs: readonly string[], object: Omit<Right, 'verb'>): Right[] {
  return verbs.map((verb) => ({ verb, ...object }));
}
