import type { Api } from '../cluster/api.ts';
import { resourcePath } from '../cluster/path.ts';
import type { Acquisition } from './acquisition.ts';
import { type ApiItem, keepList } from './api-items.ts';

/**
 * The pods of a node at the beginning, as `pods-before`: one that ends while evidence is collected is in no list at its
 * end, and is no stranger all the same.
 */
export function collectPodsBefore(
  api: Api,
  acquisition: Acquisition,
  node: string,
  signal: AbortSignal,
): Promise<void> {
  const item = { ...podsOf(node), name: 'kubernetes/pods-before', doing: `list pods of node "${node}"` };
  return keepList(api, acquisition, item, signal);
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

function podsOf(node: string): Pick<ApiItem, 'path' | 'query'> {
  return {
    path: resourcePath({ version: 'v1', resource: 'pods' }),
    query: { fieldSelector: `spec.nodeName=${node}` },
  };
}
