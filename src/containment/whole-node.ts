import type { Api } from '../cluster/api.ts';
import { listAll } from '../cluster/list.ts';
import type { Node, Pod } from '../cluster/objects.ts';
import { resourcePath } from '../cluster/path.ts';
import { labels } from '../collector/names.ts';
import { OperationError } from '../output/errors.ts';

/** Labels of a control-plane node (Kubernetes, "Well-Known Labels"; the second one before 1.24). */
const controlPlane = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

/**
 * Throws OperationError when there is no such node, or when it is the last ready one of the control plane: what manages the
 * cluster may run there, our undo included.
 */
export async function refuseLastControlPlane(api: Api, name: string, signal: AbortSignal): Promise<void> {
  const nodes: Node[] = [];
  const path = resourcePath({ version: 'v1', resource: 'nodes' });
  for await (const node of listAll<Node>(api, { path, doing: 'list nodes', signal })) nodes.push(node);
  const node = nodes.find(({ metadata }) => metadata?.name === name);
  if (node === undefined) throw new OperationError(`node "${name}" not found`);
  if (!isControlPlane(node)) return;
  if (nodes.some((other) => other !== node && isControlPlane(other) && isReady(other))) return;
  throw new OperationError(
    `node "${name}" is the last ready node of the control plane: the cluster would lose what manages it`,
    { advice: 'isolate single pods of it, or make another control-plane node ready first' },
  );
}

/** True for a pod that this program made to work with. */
export function isOurs({ metadata }: Pod): boolean {
  return (
    metadata?.labels?.[labels.managedBy] === 'kubectl-ir' &&
    ['collector', 'probe'].includes(metadata.labels[labels.role] ?? '')
  );
}

function isControlPlane({ metadata }: Node): boolean {
  return controlPlane.some((label) => Object.hasOwn(metadata?.labels ?? {}, label));
}

function isReady({ status }: Node): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
}
