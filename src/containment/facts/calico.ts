import type { KubeObject } from '../../cluster/objects.ts';
import type { Labels } from '../../cluster/selector.ts';
import { calicoSelector } from './calico-selector.ts';
import type { Policy } from './policy.ts';

/** NetworkPolicy and GlobalNetworkPolicy of Calico, as far as it matters here; every field is hostile. */
export type CalicoPolicy = KubeObject & {
  readonly spec?: {
    /** Absent: all. */
    readonly selector?: string;
    readonly ingress?: readonly CalicoRule[];
    readonly egress?: readonly CalicoRule[];
  };
};

interface CalicoRule {
  /** Allow, Deny, Log or Pass. */
  readonly action?: string;
}

/** What Calico knows of a pod beside its labels. */
export interface CalicoPod {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/**
 * Calico's policies as they concern one pod. Namespace and service account selectors are not followed, so a policy that
 * has one may select. Kubernetes' own policies, which Calico shows under names with `knp.`, are left out.
 */
export function calicoPolicies(objects: readonly CalicoPolicy[], pod: CalicoPod): Policy[] {
  return objects.flatMap(({ kind, metadata, spec }) => {
    if (metadata.name.startsWith('knp.')) return [];
    const selector = typeof spec?.selector === 'string' ? calicoSelector(spec.selector) : calicoSelector('');
    const rules = [...(spec?.ingress ?? []), ...(spec?.egress ?? [])];
    return [
      {
        name: `calico ${kind.toLowerCase()}/${metadata.name}`,
        allows: rules.some(({ action }) => action !== 'Deny' && action !== 'Log'),
        selects: (labels: Labels) => selector?.matches(withOwn(labels, pod)) ?? true,
        keys: selector?.keys ?? [],
      },
    ];
  });
}

/** Labels that Calico adds to those of a pod (Calico documentation, "Workload endpoint"). */
function withOwn(labels: Labels, pod: CalicoPod): Labels {
  return {
    ...labels,
    'projectcalico.org/namespace': pod.namespace,
    'projectcalico.org/orchestrator': 'k8s',
    'projectcalico.org/serviceaccount': pod.serviceAccount,
  };
}
