/** A label selector as objects have it: apimachinery meta/v1 LabelSelector. */
export interface ObjectSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/**
 * The selector as the `labelSelector` of a list request (Kubernetes documentation, "Labels and Selectors"). Undefined when it selects
 * everything, which no owner of pods means, or has an operator that is not known.
 */
export function selectorText(selector: ObjectSelector): string | undefined {
  const parts = [
    ...Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`),
    ...(selector.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
      switch (operator) {
        case 'In':
          return `${key} in (${values.join(',')})`;
        case 'NotIn':
          return `${key} notin (${values.join(',')})`;
        case 'Exists':
          return key;
        case 'DoesNotExist':
          return `!${key}`;
        default:
          return undefined;
      }
    }),
  ];
  return parts.length === 0 || parts.includes(undefined) ? undefined : parts.join(',');
}
