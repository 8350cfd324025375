import type { Pod } from '../cluster/objects.ts';
import { type OurPodOptions, ourPod } from './our-pod.ts';
import { scriptText } from './scripts.ts';

export interface CollectorPodOptions extends OurPodOptions {
  readonly node: string;
  /** Size of the spool in memory. */
  readonly spoolMiB: number;
}

export const containerName = 'collector';
/** Where the node's root is mounted, read-only. */
const hostMount = '/host';
/** The main process ends itself when nobody has used it for so long; it checks every 5 s. */
export const idleSeconds = 90;
/** How long a collector may outlive its responder: the idle time, the next check, and the kubelet's report of the end. */
export const selfEndSeconds = 120;
/** Memory for busybox itself; the spool counts towards the container's memory limit too. */
const workingMiB = 128;

/**
 * The privileged pod that reads its node. Fields that the server would default are written out where they matter, so that
 * a comparison with what the server returns shows what somebody else changed (`pod-changes.ts`).
 */
export function collectorPod(options: CollectorPodOptions): Pod & { metadata: { name: string } } {
  return ourPod(options, 'collector', {
    nodeName: options.node,
    tolerations: [{ operator: 'Exists' }],
    hostPID: true,
    hostNetwork: true,
    dnsPolicy: 'Default',
    containers: [container(options)],
    volumes: [
      { name: 'host', hostPath: { path: '/' } },
      { name: 'spool', emptyDir: { medium: 'Memory', sizeLimit: `${options.spoolMiB}Mi` } },
    ],
  });
}

function container({ image, spoolMiB }: CollectorPodOptions): NonNullable<Pod['spec']>['containers'][number] {
  return {
    name: containerName,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', scriptText('main'), 'collector', String(idleSeconds)],
    securityContext: { privileged: true, runAsUser: 0, runAsGroup: 0, readOnlyRootFilesystem: true },
    resources: {
      requests: { cpu: '1m', memory: '16Mi' },
      limits: { memory: `${spoolMiB + workingMiB}Mi` },
    },
    volumeMounts: [
      {
        name: 'host',
        mountPath: hostMount,
        readOnly: true,
        recursiveReadOnly: 'IfPossible',
        mountPropagation: 'None',
      },
      { name: 'spool', mountPath: '/spool' },
    ],
  };
}

/**
 * True when the node's runtime made every mount below /host read-only, as the pod's status tells
 * (KEP-3857; absent on runtimes and servers without it).
 */
export function isRecursivelyReadOnly(pod: Pod): boolean {
  const status = pod.status?.containerStatuses?.find(({ name }) => name === containerName);
  return (
    status?.volumeMounts?.some(
      (mount) => mount.mountPath === hostMount && mount.recursiveReadOnly === 'Enabled',
    ) ?? false
  );
}
