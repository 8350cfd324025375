import { OperationError } from '../output/errors.ts';
import type { Api } from './api.ts';
import { getObjectOrUndefined } from './apply.ts';
import { listAll } from './list.ts';
import { nearestName } from './nearest.ts';
import type { Node } from './objects.ts';
import { resourcePath } from './path.ts';

/** The node of that name. OperationError when there is none, with the nearest name. */
export async function findNode(api: Api, name: string, signal: AbortSignal): Promise<Node> {
  const node = await getObjectOrUndefined<Node>(api, { apiVersion: 'v1', resource: 'nodes', name }, signal);
  if (node !== undefined) return node;
  const nearest = nearestName(name, await nodeNames(api, signal));
  throw new OperationError(
    `node "${name}" not found${nearest === undefined ? '' : `; nearest: ${nearest}`}`,
    {
      advice: 'list them with: kubectl get nodes',
    },
  );
}

/**
 * The node of that name, able to start a pod. OperationError when there is none (with the nearest name) and when it is
 * not Ready, with what its kubelet last said.
 */
export async function readyNode(api: Api, name: string, signal: AbortSignal): Promise<Node> {
  const node = await findNode(api, name, signal);
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready');
  if (ready?.status !== 'True') {
    const why = [ready?.reason, ready?.message].filter(Boolean).join(': ') || 'its kubelet has said nothing';
    throw new OperationError(`node "${name}" is NotReady (${why}), so no collector can start on it`, {
      advice: 'reach the machine another way, such as its console or a snapshot of its disk',
    });
  }
  return node;
}

/** Names of the Linux nodes that a label selector selects, all of them when it is empty. */
export async function selectNodes(api: Api, labelSelector: string, signal: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  const path = resourcePath({ version: 'v1', resource: 'nodes' });
  const query = labelSelector === '' ? {} : { labelSelector };
  for await (const { metadata } of listAll<Node>(api, { path, query, doing: 'list nodes', signal }))
    if ((metadata?.labels?.['kubernetes.io/os'] ?? 'linux') === 'linux') names.push(metadata?.name ?? '');
  return names;
}

/** Names for the hint; none when listing is not allowed. */
async function nodeNames(api: Api, signal: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  try {
    const path = resourcePath({ version: 'v1', resource: 'nodes' });
    for await (const node of listAll<Node>(api, { path, signal })) {
      if (node.metadata?.name !== undefined) names.push(node.metadata.name);
      if (names.length >= 5000) break;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OperationError)) throw error;
  }
  return names;
}
