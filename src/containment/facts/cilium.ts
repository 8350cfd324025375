import type { KubeObject } from '../../cluster/objects.ts';
import { type LabelSelector, type Labels, selectorKeys, selects } from '../../cluster/selector.ts';
import type { Policy } from './policy.ts';

/** CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy (cilium.io/v2), as far as it matters here; every field is hostile. */
export type CiliumPolicy = KubeObject & {
  readonly spec?: CiliumRule;
  readonly specs?: readonly CiliumRule[];
};

interface CiliumRule {
  /** Absent in a rule for hosts. */
  readonly endpointSelector?: LabelSelector;
  readonly ingress?: readonly unknown[];
  readonly egress?: readonly unknown[];
}

/** What Cilium knows of a pod beside its labels. */
export interface CiliumPod {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** Cilium's policies as they concern one pod; one object may hold several rules. */
export function ciliumPolicies(objects: readonly CiliumPolicy[], pod: CiliumPod): Policy[] {
  return objects.flatMap((object) =>
    [object.spec, ...(object.specs ?? [])].flatMap((rule) => {
      if (rule?.endpointSelector === undefined) return [];
      const selector = plainSelector(rule.endpointSelector);
      return [
        {
          name: `${object.kind.toLowerCase()}/${object.metadata.name}`,
          allows: (rule.ingress ?? []).length + (rule.egress ?? []).length > 0,
          selects: (labels: Labels) => selects(selector, withOwn(labels, pod)),
          keys: selectorKeys(selector),
        },
      ];
    }),
  );
}

/**
 * Keys in Cilium's selectors carry their source, `k8s:app` or `any:app` (Cilium, "Label Source"). What a pod's labels
 * can't answer, such as labels of its namespace, is left out, so that the rule may select.
 */
function plainSelector(selector: LabelSelector): LabelSelector {
  const plain = (key: string): string => key.replace(/^(?:k8s|any)[:.]/, '');
  const answerable = (key: string): boolean =>
    !/^io\.cilium\.k8s\.(?:namespace\.labels|policy\.cluster)/.test(plain(key));
  return {
    matchLabels: Object.fromEntries(
      Object.entries(selector.matchLabels ?? {})
        .filter(([key]) => answerable(key))
        .map(([key, value]) => [plain(key), value]),
    ),
    matchExpressions: (selector.matchExpressions ?? [])
      .filter(({ key }) => answerable(key))
      .map((one) => ({ ...one, key: plain(one.key) })),
  };
}

function withOwn(labels: Labels, pod: CiliumPod): Labels {
  return {
    ...labels,
    'io.kubernetes.pod.namespace': pod.namespace,
    'io.cilium.k8s.policy.serviceaccount': pod.serviceAccount,
  };
}
