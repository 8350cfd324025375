import type { Right } from '../cluster/access.ts';

/** Commands that need rights in the cluster, in the order of help. */
export const clusterCommands = [
  'isolate',
  'release',
  'status',
  'respond',
  'snapshot',
  'diff',
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
  isolate: (places) => [...collector(places), ...containment(places), ...all(['create'], policies(places))],
  release: (places) => [...collector(places), ...containment(places)],
  // Fewer are enough to see less: status names what it may not list.
  status: () => [
    ...all(['list'], { resource: 'namespaces' }),
    ...all(['list'], { resource: 'pods' }),
    ...all(['list'], { resource: 'configmaps' }),
    ...all(['list'], { group: 'networking.k8s.io', resource: 'networkpolicies' }),
    ...all(['list'], { group: 'policy', resource: 'poddisruptionbudgets' }),
  ],
  respond: (places) => [...table.isolate(places), ...table.snapshot(places), ...table.diff(places)],
  snapshot: (places) => [
    ...collector(places),
    ...all(['list'], { resource: 'nodes' }),
    ...all(['list'], { resource: 'pods' }),
    ...all(['list'], { resource: 'events' }),
  ],
  diff: (places) => [...collector(places), ...subject(places)],
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

function containment(places: Places): Right[] {
  const { namespace, collectorNamespace } = places;
  return [
    ...subject(places),
    ...all(['patch'], { resource: 'pods', namespace }),
    ...all(['list'], { resource: 'services', namespace }),
    ...all(['get'], { group: 'apps', resource: 'replicasets', namespace }),
    ...all(['get', 'list', 'delete'], policies(places)),
    ...all(['get', 'list', 'create', 'patch', 'delete'], {
      resource: 'configmaps',
      namespace: collectorNamespace,
    }),
  ];
}

function policies({ namespace }: Places): Omit<Right, 'verb'> {
  return { group: 'networking.k8s.io', resource: 'networkpolicies', namespace };
}

function all(verbs: readonly string[], object: Omit<Right, 'verb'>): Right[] {
  return verbs.map((verb) => ({ verb, ...object }));
}
