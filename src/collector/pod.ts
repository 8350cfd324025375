import type { Pod } from '../cluster/objects.ts';
import { labels, annotations } from './names.ts';
import { scriptText } from './scripts.ts';

export interface CollectorPodOptions {
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  readonly image: string;
  readonly pullSecret?: string | undefined;
  /** Uid of the pod or node that the work is about; `none` when it is about neither. */
  readonly subjectUid: string;
  readonly caseName?: string | undefined;
  /** Size of the spool in memory. */
  readonly spoolMiB: number;
}

export const containerName = 'collector';
/** Where the node's root is mounted, read-only. */
export const hostMount = '/host';
/** A pod of ours older than this is dead whatever its status says; the kubelet stops it then. */
export const deadlineSeconds = 4 * 60 * 60;
/** The main process ends itself when it sees that nobody has used it for so long; it looks every 5 s. */
export const idleSeconds = 90;
/** Longest life of a collector whose responder is gone: the idle time, the look after it, and the kubelet's word of it. */
export const selfEndSeconds = 120;
/** Room for busybox itself beside the spool, which counts in the container's memory limit. */
const workingMiB = 128;

/**
 * The privileged pod that reads its node. Fields that a server defaults are spelled out where they matter, so that a
 * comparison with what the server returns shows what somebody else changed (`changes.ts`).
 */
export function collectorPod(options: CollectorPodOptions): Pod & { metadata: { name: string } } {
  const { name, namespace, node, pullSecret, caseName } = options;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: {
        [labels.managedBy]: 'kubectl-ir',
        [labels.role]: 'collector',
        [labels.podUid]: options.subjectUid,
      },
      ...(caseName === undefined ? {} : { annotations: { [annotations.case]: caseName } }),
    },
    spec: {
      nodeName: node,
      tolerations: [{ operator: 'Exists' }],
      hostPID: true,
      hostNetwork: true,
      dnsPolicy: 'Default',
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      activeDeadlineSeconds: deadlineSeconds,
      ...(pullSecret === undefined ? {} : { imagePullSecrets: [{ name: pullSecret }] }),
      containers: [container(options)],
      volumes: [
        { name: 'host', hostPath: { path: '/' } },
        { name: 'spool', emptyDir: { medium: 'Memory', sizeLimit: `${options.spoolMiB}Mi` } },
      ],
    },
  };
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
