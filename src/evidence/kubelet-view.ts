import type { Api } from '../cluster/api.ts';
import { resourcePath } from '../cluster/path.ts';
import type { Io } from '../output/io.ts';
import type { Acquisition } from './acquisition.ts';
import { keepAnswer } from './api-items.ts';
import { KubeletWait } from './kubelet-wait.ts';

/** What a kubelet tells of itself (pkg/kubelet/server), and the item that it becomes. */
const endpoints = {
  pods: 'pods.json',
  'runningpods/': 'runningpods.json',
  configz: 'configz.json',
  'stats/summary': 'stats-summary.json',
  'metrics/cadvisor': 'metrics-cadvisor.txt',
} as const;

/** Logs of a node that its kubelet hands out from /var/log when `enableSystemLogHandler` is on, which is the default. */
const logs = [
  'syslog',
  'messages',
  'auth.log',
  'secure',
  'kern.log',
  'kubelet.log',
  'containerd.log',
  'audit/audit.log',
];

/**
 * The node as its kubelet sees it, which a static pod or a container that the API does not know is part of. Asked
 * through the API server; who may not is told so, a gap each.
 */
export async function collectKubeletView(
  api: Api,
  io: Io,
  acquisition: Acquisition,
  node: string,
  signal: AbortSignal,
): Promise<void> {
  const kubelet = new KubeletWait(io);
  for (const [endpoint, file] of Object.entries(endpoints))
    await keepAnswer(
      api,
      io,
      acquisition,
      {
        name: `live_response/kubernetes/kubelet/${file}`,
        path: proxyPath(node, endpoint),
        doing: `ask the kubelet of node "${node}" for ${endpoint}`,
        kubelet,
      },
      signal,
    );
}

/** Logs of the node through its kubelet: whole, slower than by a collector, and no more than these. */
export async function collectKubeletLogs(
  api: Api,
  io: Io,
  acquisition: Acquisition,
  node: string,
  kubelet: KubeletWait,
  signal: AbortSignal,
): Promise<void> {
  for (const log of logs)
    await keepAnswer(
      api,
      io,
      acquisition,
      {
        name: `[root]/var/log/${log}`,
        path: proxyPath(node, `logs/${log}`),
        doing: `ask the kubelet of node "${node}" for its ${log}`,
        kubelet,
      },
      signal,
    );
}

/** Path of an endpoint of a kubelet behind the API server. */
export function proxyPath(node: string, endpoint: string): string {
  const directory = endpoint.endsWith('/');
  const path = resourcePath({
    version: 'v1',
    resource: 'nodes',
    name: node,
    subresource: `proxy/${directory ? endpoint.slice(0, -1) : endpoint}`,
  });
  return directory ? `${path}/` : path;
}
