import type { Pod } from '../cluster/objects.ts';
import { containerName, idleSeconds } from './pod.ts';
import { ourPod, type OurPodOptions } from './our-pod.ts';
import { scriptText } from './scripts.ts';

export interface ProbePodOptions extends OurPodOptions {
  /** The node of the pod that is to be reached. */
  readonly node: string;
  /** `near`: on that node. `far`: on any other that the scheduler finds. */
  readonly place: 'near' | 'far';
}

/** Nobody, as in most images; nothing of the node or the image belongs to it. */
const nobody = 65_534;

/**
 * An unprivileged pod (it meets the restricted pod security standard) in the pod network, from which and to which
 * connections are tried. Like a collector it ends itself when nobody has used it for a while.
 */
export function probePod(options: ProbePodOptions): Pod & { metadata: { name: string } } {
  return ourPod(options, 'probe', {
    ...placement(options),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: nobody,
      runAsGroup: nobody,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container(options)],
    volumes: [{ name: 'spool', emptyDir: { medium: 'Memory', sizeLimit: '8Mi' } }],
  });
}

function placement({ place, node }: ProbePodOptions): Partial<NonNullable<Pod['spec']>> {
  if (place === 'near') return { nodeName: node, tolerations: [{ operator: 'Exists' }] };
  const elsewhere = { key: 'metadata.name', operator: 'NotIn', values: [node] };
  const required = { nodeSelectorTerms: [{ matchFields: [elsewhere] }] };
  return {
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
  };
}

function container({ image }: ProbePodOptions): NonNullable<Pod['spec']>['containers'][number] {
  return {
    name: containerName,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', scriptText('main'), 'probe', String(idleSeconds)],
    // The scripts take the node's files from here; it has none.
    env: [{ name: 'IR_HOST', value: '/' }],
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    resources: { requests: { cpu: '1m', memory: '8Mi' }, limits: { memory: '64Mi' } },
    volumeMounts: [{ name: 'spool', mountPath: '/spool' }],
  };
}
