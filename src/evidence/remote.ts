import type { Api } from '../cluster/api.ts';
import { listAll } from '../cluster/list.ts';
import type { Pod } from '../cluster/objects.ts';
import { resourcePath } from '../cluster/path.ts';
import { ApiError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import type { Acquisition } from './acquisition.ts';
import { keepAnswer } from './api-items.ts';
import { collectKubeletLogs } from './kubelet-view.ts';
import { KubeletWait } from './kubelet-wait.ts';
import type { Phase } from './phases.ts';

export interface RemoteOptions {
  readonly node: string;
  /** The one pod that is looked at; else all pods of the node. */
  readonly pod?: Pod;
  readonly acquisition: Acquisition;
  /** What a collector would have taken. */
  readonly phases: readonly Phase[];
  /** Why there is no collector. */
  readonly reason: string;
  readonly signal: AbortSignal;
}

/**
 * What can be had of a node where no privileged pod may run: logs of containers, this instance and the one before, as
 * the API server hands them out, and logs of the node from its kubelet. Every phase that needs a collector is a gap, and
 * so is what is left when the kubelet was waited for in vain too long.
 */
export async function collectRemotely(api: Api, io: Io, options: RemoteOptions): Promise<void> {
  const { acquisition, node, phases, reason, signal } = options;
  for (const phase of phases)
    if (phase !== 'cluster')
      await acquisition.gap(phase, `live_response/phases/${phase}.json`, 'denied', `no collector: ${reason}`);
  if (options.pod !== undefined)
    await acquisition.gap('diff', 'live_response/pod-diff.json', 'denied', `no collector: ${reason}`);
  const pods = options.pod === undefined ? await podsOf(api, node, signal) : [options.pod];
  const kubelet = new KubeletWait(io);
  for (const pod of pods) await keepLogs(api, io, acquisition, pod, kubelet, signal);
  if (options.pod === undefined) await collectKubeletLogs(api, io, acquisition, node, kubelet, signal);
}

async function podsOf(api: Api, node: string, signal: AbortSignal): Promise<Pod[]> {
  const pods: Pod[] = [];
  const query = { fieldSelector: `spec.nodeName=${node}` };
  try {
    const path = resourcePath({ version: 'v1', resource: 'pods' });
    for await (const pod of listAll<Pod>(api, { path, query, signal })) pods.push(pod);
  } catch (error) {
    // The list of pods that is kept as evidence is refused for the same reason, and says so.
    if (!(error instanceof ApiError)) throw error;
  }
  return pods;
}

async function keepLogs(
  api: Api,
  io: Io,
  acquisition: Acquisition,
  pod: Pod,
  kubelet: KubeletWait,
  signal: AbortSignal,
): Promise<void> {
  const { namespace = '', name = '' } = pod.metadata ?? {};
  const status = pod.status ?? {};
  const containers = [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
  ];
  for (const { name: container, lastState, state } of containers) {
    const instances = [
      ...(state?.waiting !== undefined && lastState?.terminated !== undefined ? [] : [false]),
      ...(lastState?.terminated === undefined ? [] : [true]),
    ];
    for (const previous of instances)
      await keepAnswer(
        api,
        io,
        acquisition,
        {
          name: `live_response/kubernetes/logs/${namespace}/${name}/${container}${previous ? '.previous' : ''}.log`,
          path: resourcePath({ version: 'v1', namespace, resource: 'pods', name, subresource: 'log' }),
          query: { container, previous, timestamps: true },
          doing: `read the log of container "${container}" of pod "${name}"`,
          kubelet,
        },
        signal,
      );
  }
}
