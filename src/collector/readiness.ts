import type { Node, Pod } from '../cluster/objects.ts';
import { OperationError } from '../output/errors.ts';
import { escapeForTerminal } from '../output/escape.ts';
import type { Role } from './names.ts';
import { containerName } from './pod.ts';
import { SilentNodeError } from './silent-node.ts';

const imageReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);
const startReasons = new Set([
  'CreateContainerError',
  'CreateContainerConfigError',
  'RunContainerError',
  'CrashLoopBackOff',
]);

/**
 * True when a pod of ours runs, false while it still may. Throws OperationError when it will not: it was deleted, no node
 * takes it, the kubelet refused it, it ended, or its image cannot be had.
 */
export function isRunning(pod: Pod | undefined, role: Role = 'collector'): boolean {
  const name = role === 'collector' ? 'collector' : 'probe pod';
  if (pod === undefined)
    throw new OperationError(`the ${name} was deleted by somebody else while it started`);
  const node = pod.spec?.nodeName ?? '';
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.reason === 'Unschedulable') {
    throw new OperationError(`no node takes the ${name}${because(undefined, scheduled.message)}`);
  }
  const container = pod.status?.containerStatuses?.find(({ name }) => name === containerName);
  const waiting = container?.state?.waiting;
  const reason = waiting?.reason ?? '';
  if (imageReasons.has(reason)) {
    const image = pod.spec?.containers[0]?.image ?? '';
    throw new OperationError(
      `node ${node} cannot get the ${name} image ${image}${because(reason, waiting?.message)}`,
      {
        advice:
          'with --collector-image, name an image that the node can pull; to pull it before an incident: kubectl ir preflight --pull',
      },
    );
  }
  if (startReasons.has(reason)) {
    throw new OperationError(`node ${node} cannot start the ${name}${because(reason, waiting?.message)}`);
  }
  const phase = pod.status?.phase;
  if (phase === 'Failed' || phase === 'Succeeded') {
    const ended = container?.state?.terminated;
    throw new OperationError(
      ended === undefined
        ? `node ${node} refused the ${name}${because(pod.status?.reason, pod.status?.message)}`
        : `the ${name} on node ${node} ended at once with exit code ${ended.exitCode}${because(ended.reason, ended.message)}`,
    );
  }
  if (pod.metadata?.deletionTimestamp !== undefined) {
    throw new OperationError(`the ${name} is being deleted by somebody else while it starts`);
  }
  return phase === 'Running' && container?.state?.running !== undefined;
}

/**
 * Throws OperationError when no pod can be started on the node; SilentNodeError where its condition Ready is Unknown, which the node
 * controller sets when the kubelet has not been heard of for its grace period (Kubernetes docs, "Node Status"). A kubelet that says
 * False itself is there.
 */
export function checkNode(node: Node): void {
  const name = node.metadata?.name ?? '';
  const os = node.metadata?.labels?.['kubernetes.io/os'] ?? 'linux';
  if (os !== 'linux') throw new OperationError(`node ${name} runs ${os}; only Linux nodes can be read`);
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status === 'True') return;
  const NotReady = ready?.status === 'Unknown' ? SilentNodeError : OperationError;
  throw new NotReady(`node ${name} is not ready${because(ready?.reason, ready?.message)}`, {
    advice:
      'no collector can start there while its kubelet does not answer; what the API server has can be read without it',
  });
}

/** `: REASON, message` in one line, made safe for a terminal. */
export function because(reason: string | undefined, message: string | undefined): string {
  const parts = [reason, message]
    .map((part) => (part ?? '').trim().replaceAll(/\s+/g, ' '))
    .filter((part) => part !== '');
  return parts.length === 0 ? '' : `: ${escapeForTerminal(parts.join(', ').slice(0, 600))}`;
}
