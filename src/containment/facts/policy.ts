import type { NetworkPolicy } from '../../cluster/objects.ts';
import { type LabelSelector, type Labels, selectorKeys, selects } from '../../cluster/selector.ts';

/** A policy of any kind that may let traffic of a pod through. */
export interface Policy {
  /** `networkpolicy/open`, as kubectl would name it. */
  readonly name: string;
  /** True when it lets something through; one that only denies is `false`. */
  readonly allows: boolean;
  /** True when it selects a pod with these labels, or when that can't be told. */
  readonly selects: (labels: Labels) => boolean;
  /** Label keys that it looks at. */
  readonly keys: readonly string[];
}

/** Network policies of the pod's namespace. */
export function networkPolicies(objects: readonly NetworkPolicy[]): Policy[] {
  return objects.map(({ metadata, spec }) => {
    const selector: LabelSelector = spec?.podSelector ?? {};
    return {
      name: `networkpolicy/${metadata?.name ?? ''}`,
      // A direction that a policy names and gives no rule for is closed (networking.k8s.io/v1, NetworkPolicySpec).
      allows: [...(spec?.ingress ?? []), ...(spec?.egress ?? [])].length > 0,
      selects: (labels) => selects(selector, labels),
      keys: selectorKeys(selector),
    };
  });
}
