import type { ConfigMap, Node, Pod } from '../../src/cluster/objects.ts';

/** A running pod with one container `app` on node-a; `changes` replace whole top-level fields. */
export function aPod(name: string, changes: Partial<Pod> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: name } },
    spec: { nodeName: 'node-a', containers: [{ name: 'app', image: 'registry.example/app:1' }] },
    status: {
      phase: 'Running',
      podIP: '10.244.1.7',
      hostIP: '10.0.0.11',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [
        {
          name: 'app',
          image: 'registry.example/app:1',
          imageID: `registry.example/app@sha256:${'a'.repeat(64)}`,
          containerID: `containerd://${'b'.repeat(64)}`,
          ready: true,
          restartCount: 0,
          started: true,
          state: { running: { startedAt: '2026-11-22T04:00:00Z' } },
        },
      ],
    },
    ...changes,
  };
}

/** A Ready node that runs containerd. */
export function aNode(name: string): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
    spec: { podCIDR: '10.244.1.0/24' },
    status: {
      addresses: [{ type: 'InternalIP', address: '10.0.0.11' }],
      conditions: [{ type: 'Ready', status: 'True' }],
      nodeInfo: {
        architecture: 'amd64',
        bootID: '5b1d8b1e-0000-4000-8000-000000000001',
        containerRuntimeVersion: 'containerd://2.2.1',
        kernelVersion: '6.1.0',
        kubeProxyVersion: 'v1.34.4',
        kubeletVersion: 'v1.34.4',
        machineID: '0123456789abcdef0123456789abcdef',
        operatingSystem: 'linux',
        osImage: 'Debian GNU/Linux 12 (bookworm)',
        systemUUID: '00000000-0000-4000-8000-000000000002',
      },
    },
  };
}

/** A ConfigMap in the namespace `default`. */
export function aConfigMap(name: string, data: Record<string, string> = {}): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data };
}
