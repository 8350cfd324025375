import { UsageError } from '../output/errors.ts';
import type { LabelSelector } from '../cluster/selector.ts';

type Expression = NonNullable<LabelSelector['matchExpressions']>[number];

/**
 * A label selector as kubectl takes it, such as `app=web,tier in (a,b),!canary` (Kubernetes, "Labels and Selectors").
 * Throws UsageError for what is none.
 */
export function parseSelector(text: string): LabelSelector {
  // Commas in the parentheses of a set separate values, not requirements.
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  return { matchExpressions: parts.map((part) => expressionOf(part, text)) };
}

function expressionOf(part: string, text: string): Expression {
  const key = String.raw`([\w./-]+)`;
  const matched = (form: string): string[] | undefined =>
    new RegExp(`^${form}$`).exec(part)?.slice(1).map(String);
  const [absent] = matched(String.raw`!\s*${key}`) ?? [];
  if (absent !== undefined) return { key: absent, operator: 'DoesNotExist' };
  const [present] = matched(key) ?? [];
  if (present !== undefined) return { key: present, operator: 'Exists' };
  const [name, sign, value] = matched(String.raw`${key}\s*(==?|!=)\s*([\w.-]*)`) ?? [];
  if (name !== undefined && value !== undefined) {
    return { key: name, operator: sign === '!=' ? 'NotIn' : 'In', values: [value] };
  }
  const [set, word, values] = matched(String.raw`${key}\s+(in|notin)\s*\(([\w.,\s-]*)\)`) ?? [];
  if (set !== undefined && values !== undefined) {
    const operator = word === 'in' ? 'In' : 'NotIn';
    return { key: set, operator, values: values.split(',').map((one) => one.trim()) };
  }
  throw new UsageError(`"${text}" is no label selector; write it as for kubectl, such as app=web,tier!=db`);
}
