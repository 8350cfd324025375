import type { Pod } from '../cluster/objects.ts';
import { isObject } from '../output/is-object.ts';

/** Where the pod that the server returned differs from the one sent. */
export interface PodChanges {
  /** Paths of all differences that are not the server's own defaults, such as `spec.tolerations[1]`. */
  readonly all: readonly string[];
  /** Those with which the pod would not be the collector any more. */
  readonly serious: readonly string[];
}

/** What an API server fills in by itself (Kubernetes 1.28 to 1.36, without any webhook). */
const serverDefaults = [
  /^spec\.(schedulerName|serviceAccount|serviceAccountName|preemptionPolicy|priority|securityContext)$/,
  /^spec\.containers\[0\]\.(terminationMessagePath|terminationMessagePolicy)$/,
  /^spec\.volumes\[0\]\.hostPath\.type$/,
];

/** What may differ without changing what runs, what it sees and what sees it. */
const harmless = [
  /^metadata\./,
  /^spec\.(tolerations|imagePullSecrets|nodeSelector|affinity|topologySpreadConstraints|overhead)\b/,
  /^spec\.(priority|priorityClassName|preemptionPolicy|schedulerName|activeDeadlineSeconds)$/,
  /^spec\.(serviceAccount|serviceAccountName|dnsPolicy|dnsConfig|terminationGracePeriodSeconds)\b/,
  /^spec\.containers\[0\]\.(resources|imagePullPolicy|terminationMessagePath|terminationMessagePolicy)\b/,
  /^spec\.containers\[0\]\.volumeMounts\[0\]\.recursiveReadOnly$/,
];

/**
 * Compares the pod sent with the one returned, so that what webhooks and admission plugins did is known. Another name
 * for an image of the same digest is harmless.
 */
export function podChanges(sent: Pod, returned: Pod): PodChanges {
  const all = [
    ...differences('metadata.labels', sent.metadata?.labels, returned.metadata?.labels),
    ...differences(
      'metadata.annotations',
      sent.metadata?.annotations ?? {},
      returned.metadata?.annotations ?? {},
    ),
    ...differences('spec', sent.spec, returned.spec),
  ];
  return {
    all,
    serious: all.filter(
      (path) => !harmless.some((pattern) => pattern.test(path)) && !isSameImage(path, sent, returned),
    ),
  };
}

function isSameImage(path: string, sent: Pod, returned: Pod): boolean {
  if (path !== 'spec.containers[0].image') return false;
  const digest = digestOf(sent);
  return digest !== undefined && digest === digestOf(returned);
}

function digestOf(pod: Pod): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(pod.spec?.containers[0]?.image ?? '')?.[1];
}

function differences(path: string, sent: unknown, returned: unknown): string[] {
  if (sent === undefined && serverDefaults.some((pattern) => pattern.test(path))) return [];
  if (Array.isArray(sent) && Array.isArray(returned)) {
    const length = Math.max(sent.length, returned.length);
    return Array.from({ length }, (_, i) => differences(`${path}[${i}]`, sent[i], returned[i])).flat();
  }
  if (isObject(sent) && isObject(returned)) {
    const keys = new Set([...Object.keys(sent), ...Object.keys(returned)]);
    return [...keys].sort().flatMap((key) => differences(`${path}.${key}`, sent[key], returned[key]));
  }
  return sent === returned ? [] : [path];
}
