import type { Pod } from '../cluster/objects.ts';
import { annotations, labels, type Role } from './names.ts';

/** What differs between pods of ours. */
export interface OurPodOptions {
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly pullSecret?: string | undefined;
  /** Uid of the pod or node that the work is about; `none` when it is about neither. */
  readonly subjectUid: string;
  readonly caseName?: string | undefined;
}

/** The kubelet stops a pod of ours at this age, so one that is older is dead whatever its status says. */
export const deadlineSeconds = 4 * 60 * 60;

/** A pod with what all of ours have: our labels, no token, no restart, a grace period of 1 s and a deadline. */
export function ourPod(
  { name, namespace, subjectUid, pullSecret, caseName }: OurPodOptions,
  role: Role,
  spec: NonNullable<Pod['spec']>,
): Pod & { metadata: { name: string } } {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { [labels.managedBy]: 'kubectl-ir', [labels.role]: role, [labels.podUid]: subjectUid },
      ...(caseName === undefined ? {} : { annotations: { [annotations.case]: caseName } }),
    },
    spec: {
      ...spec,
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      activeDeadlineSeconds: deadlineSeconds,
      ...(pullSecret === undefined ? {} : { imagePullSecrets: [{ name: pullSecret }] }),
    },
  };
}
