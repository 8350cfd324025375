import type { Job, Node, Pod } from '../../cluster/objects.ts';
import { podProbes, restartBudget } from '../probes.ts';

/** When and by what evidence of a running pod may be lost; seconds from now, absent where nothing does it. */
export interface EvidenceClock {
  /** Until the kubelet would restart a container if all its probes failed from now on. */
  readonly restart?: number;
  /** Until the pod is ended by a deadline of its own or of its Job; 0 when it is past. */
  readonly deadline?: number;
  /** After its Job has finished, until Job and pods are deleted. */
  readonly afterFinish?: number;
  /** Until it is deleted because its node is not ready; 0 when it is past. */
  readonly nodeLost?: number;
  /** Autoscalers that may remove pods of its owner. */
  readonly autoscalers: readonly string[];
  /** Why the kubelet would evict it before others, or is about to. */
  readonly pressure: readonly string[];
}

/** The clock of a pod at `now`. */
export function evidenceClock(
  pod: Pod,
  around: {
    readonly node: Node | undefined;
    readonly job: Job | undefined;
    readonly autoscalers: readonly string[];
  },
  now: Date,
): EvidenceClock {
  const restart = restartBudget(podProbes(pod));
  const deadline = least([
    left(pod.status?.startTime, pod.spec?.activeDeadlineSeconds, now),
    left(around.job?.status?.startTime, around.job?.spec?.activeDeadlineSeconds, now),
  ]);
  const afterFinish = around.job?.spec?.ttlSecondsAfterFinished;
  const nodeLost = untilNodeLost(pod, around.node, now);
  return {
    ...(restart === undefined ? {} : { restart }),
    ...(deadline === undefined ? {} : { deadline }),
    ...(afterFinish === undefined ? {} : { afterFinish }),
    ...(nodeLost === undefined ? {} : { nodeLost }),
    autoscalers: around.autoscalers,
    pressure: pressureOf(pod, around.node),
  };
}

/** The clock in words, one fact each; an application that loses its connections is always among them. */
export function clockTexts(clock: EvidenceClock): string[] {
  return [
    ...(clock.deadline === undefined ? [] : [`a deadline ends it in ${clock.deadline}s`]),
    ...(clock.afterFinish === undefined
      ? []
      : [`its job and its pods are deleted ${clock.afterFinish}s after the job has finished`]),
    ...(clock.nodeLost === undefined ? [] : [`its node is not ready: it is deleted in ${clock.nodeLost}s`]),
    ...(clock.autoscalers.length === 0
      ? []
      : [`autoscaler ${clock.autoscalers.join(', ')} may remove pods of its owner`]),
    ...clock.pressure,
    'logs rotate at 10Mi and 5 files unless the kubelet says otherwise',
    'an application may exit by itself when its connections die',
  ];
}

function left(start: string | undefined, seconds: number | undefined, now: Date): number | undefined {
  const begun = Date.parse(start ?? '');
  if (seconds === undefined || Number.isNaN(begun)) return undefined;
  return Math.max(0, Math.round(seconds - (now.getTime() - begun) / 1000));
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** A pod on a node that is not ready is deleted after what it tolerates, 300 s by default (Kubernetes, "Taint based Evictions"). */
function untilNodeLost(pod: Pod, node: Node | undefined, now: Date): number | undefined {
  const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready === undefined || ready.status === 'True') return undefined;
  const key = `node.kubernetes.io/${ready.status === 'Unknown' ? 'unreachable' : 'not-ready'}`;
  const tolerated = (pod.spec?.tolerations ?? []).find(
    (one) =>
      (one.key === undefined || one.key === key) && (one.effect === undefined || one.effect === 'NoExecute'),
  );
  if (tolerated === undefined) return 0;
  return left(ready.lastTransitionTime, tolerated.tolerationSeconds, now);
}

/** The kubelet evicts pods without requests first (Kubernetes, "Node-pressure Eviction"). */
function pressureOf(pod: Pod, node: Node | undefined): string[] {
  const pressed = (node?.status?.conditions ?? [])
    .filter(({ type, status }) => type.endsWith('Pressure') && status === 'True')
    .map(({ type }) => `its node is under ${type}: the kubelet may evict it at any time`);
  const first =
    pod.status?.qosClass === 'BestEffort'
      ? ['it has no requests: the kubelet evicts it first under pressure']
      : [];
  return [...pressed, ...first];
}
