import type { Node, Pod } from '../cluster/objects.ts';
import { OperationError } from '../output/errors.ts';
import type { IsolationPlan } from './plan.ts';

/**
 * Throws OperationError for a pod without which writes to the API, or our own way to its node, would stop, unless there is
 * a reason to go on.
 */
export function refuseStops(plan: IsolationPlan, reason: string | undefined): void {
  if (plan.stops.length === 0 || (reason !== undefined && reason.trim() !== '')) return;
  throw new OperationError(`pod "${plan.subject.name}" should not be cut: ${plan.stops.join('; ')}`, {
    advice: 'to cut it all the same, with the reason on record: --even-if REASON',
  });
}

/**
 * Throws OperationError for a pod that cannot be isolated without harm or at all: one on its node's network, a mirror
 * of a static pod, a Windows pod, one that is not running. The message says why and what to do instead.
 */
export function refuseUnfit(pod: Pod, node: Node | undefined): void {
  const name = pod.metadata?.name ?? '';
  const nodeName = pod.spec?.nodeName ?? '';
  if (pod.metadata?.deletionTimestamp !== undefined) {
    throw new OperationError(`pod "${name}" is being deleted; it ends by itself`, {
      advice: 'its node can still be read: kubectl ir snapshot node ' + (nodeName || 'NODE'),
    });
  }
  if (nodeName === '' || !(pod.status?.phase === 'Running' || initRuns(pod))) {
    throw new OperationError(
      `pod "${name}" is not running (${pod.status?.phase ?? 'no phase'}), so it has no link to cut`,
      { advice: 'look at it with: kubectl describe pod ' + name },
    );
  }
  if (pod.spec?.os?.name === 'windows' || node?.metadata?.labels?.['kubernetes.io/os'] === 'windows') {
    throw new OperationError(
      `pod "${name}" runs on a Windows node; its link cannot be cut from a Linux collector`,
      {
        advice: 'use a network policy and the cloud firewall of the node',
      },
    );
  }
  if (pod.spec?.hostNetwork === true) {
    throw new OperationError(
      `pod "${name}" uses the network of node ${nodeName}: cutting it would cut the node`,
      { advice: `cordon ${nodeName} and close it with the firewall in front of it; or stop the pod's owner` },
    );
  }
  if (pod.metadata?.annotations?.['kubernetes.io/config.mirror'] !== undefined) {
    throw new OperationError(
      `pod "${name}" is a static pod: its source is a file on node ${nodeName}, the API can neither label nor detach it`,
      {
        advice: `move its manifest away on ${nodeName}; collect first: kubectl ir snapshot node ${nodeName}`,
      },
    );
  }
}

/** A pod is Pending as long as it is initialised, and has its network by then (Kubernetes, "Init Containers"). */
function initRuns({ status }: Pod): boolean {
  return (
    status?.phase === 'Pending' &&
    (status.initContainerStatuses ?? []).some(({ state }) => state?.running !== undefined)
  );
}
