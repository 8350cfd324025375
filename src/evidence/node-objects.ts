import type { Api } from '../cluster/api.ts';
import { resourcePath } from '../cluster/path.ts';
import type { Io } from '../output/io.ts';
import type { Acquisition } from './acquisition.ts';
import { type ApiItem, keepList } from './api-items.ts';
import { TimeLimit } from './time-limit.ts';

/** Evidence that is lost in seconds does not wait longer. */
const patienceMs = 2_000;

/**
 * The pods of a node at the beginning, as `pods-before`: one that ends while evidence is collected is in no list at its
 * end, and is no stranger all the same. A gap when the API server takes longer than two seconds.
 */
export async function collectPodsBefore(
  api: Api,
  io: Io,
  acquisition: Acquisition,
  node: string,
  outer: AbortSignal,
): Promise<void> {
  const limit = new TimeLimit(io, patienceMs, outer);
  const item = { ...podsOf(node), name: 'kubernetes/pods-before', doing: `list pods of node "${node}"` };
  try {
    await keepList(api, acquisition, item, limit.signal);
  } catch (error) {
    limit.throwIfInterrupted();
    if (limit.reason === undefined) throw error;
    await acquisition.gap('kubernetes', `live_response/${item.name}.json`, 'timeout', limit.reason);
  } finally {
    limit.clear();
  }
}

const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1' } as const;

/** Who may do what in the cluster, byte for byte: what the pods of a node may do in the name of their accounts. */
export async function collectAccess(
  api: Api,
  acquisition: Acquisition,
  node: string,
  signal: AbortSignal,
): Promise<void> {
  for (const resource of ['clusterrolebindings', 'rolebindings', 'clusterroles', 'roles'])
    await keepList(
      api,
      acquisition,
      {
        name: `kubernetes/${resource}`,
        path: resourcePath({ ...rbac, resource }),
        doing: `list ${resource} for the pods of node "${node}"`,
      },
      signal,
    );
}

/**
 * What the API server says of a node, byte for byte: the object, its pods, its lease and storage drivers, and all events
 * that are kept (an hour, as a rule), since those of its pods name the pods and not the node.
 */
export async function collectNodeObjects(
  api: Api,
  acquisition: Acquisition,
  node: string,
  signal: AbortSignal,
): Promise<void> {
  const called = { fieldSelector: `metadata.name=${node}` };
  const lists = {
    node: { path: resourcePath({ version: 'v1', resource: 'nodes' }), query: called },
    pods: podsOf(node),
    events: { path: resourcePath({ version: 'v1', resource: 'events' }) },
    lease: {
      path: resourcePath({
        group: 'coordination.k8s.io',
        version: 'v1',
        namespace: 'kube-node-lease',
        resource: 'leases',
      }),
      query: called,
    },
    csinode: {
      path: resourcePath({ group: 'storage.k8s.io', version: 'v1', resource: 'csinodes' }),
      query: called,
    },
  };
  for (const [name, list] of Object.entries(lists))
    await keepList(
      api,
      acquisition,
      { ...list, name: `kubernetes/${name}`, doing: `list ${name} of node "${node}"` },
      signal,
    );
}

/** The addresses of the cluster at which many are guests, byte for byte: Services, and where the API server itself is. */
export async function collectAddresses(
  api: Api,
  acquisition: Acquisition,
  signal: AbortSignal,
): Promise<void> {
  const lists = {
    services: { path: resourcePath({ version: 'v1', resource: 'services' }) },
    endpointslices: {
      path: resourcePath({
        group: 'discovery.k8s.io',
        version: 'v1',
        namespace: 'default',
        resource: 'endpointslices',
      }),
      query: { fieldSelector: 'metadata.name=kubernetes' },
    },
  };
  for (const [name, list] of Object.entries(lists))
    await keepList(api, acquisition, { ...list, name: `kubernetes/${name}`, doing: `list ${name}` }, signal);
}

function podsOf(node: string): Pick<ApiItem, 'path' | 'query'> {
  return {
    path: resourcePath({ version: 'v1', resource: 'pods' }),
    query: { fieldSelector: `spec.nodeName=${node}` },
  };
}
