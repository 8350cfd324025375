import type { HorizontalPodAutoscaler, PodDisruptionBudget } from '../../cluster/objects.ts';
import { type Labels, selects } from '../../cluster/selector.ts';
import type { Owner } from './owner.ts';

/** Names of the disruption budgets that select a pod; in policy/v1 an empty selector selects every pod of the namespace. */
export function budgetsOf(labels: Labels, budgets: readonly PodDisruptionBudget[]): string[] {
  return budgets
    .filter(({ spec }) => spec?.selector !== undefined && selects(spec.selector, labels))
    .map(({ metadata }) => metadata?.name ?? '');
}

/** Names of the autoscalers that add and remove pods of this owner. */
export function autoscalersOf(
  owner: Owner | undefined,
  autoscalers: readonly HorizontalPodAutoscaler[],
): string[] {
  if (owner === undefined) return [];
  const own = `${owner.kind.toLowerCase()}/${owner.name}`;
  const above = 'above' in owner ? owner.above : undefined;
  return autoscalers
    .filter(({ spec }) => {
      const target = `${spec.scaleTargetRef.kind.toLowerCase()}/${spec.scaleTargetRef.name}`;
      return target === own || target === above;
    })
    .map(({ metadata }) => metadata?.name ?? '');
}
