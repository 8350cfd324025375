/** Labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/** A label selector as in apimachinery meta/v1 LabelSelector. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/**
 * True when a selector selects an object with these labels; the empty selector selects everything.
 * An unknown operator counts as a match, so that nothing that may select the object is overlooked.
 */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(
    ([key, value]) => valueOf(labels, key) === value,
  );
  return equal && (selector.matchExpressions ?? []).every((one) => matches(one, valueOf(labels, one.key)));
}

/** Label keys that a selector looks at. */
export function selectorKeys(selector: LabelSelector): string[] {
  const keys = [
    ...Object.keys(selector.matchLabels ?? {}),
    ...(selector.matchExpressions ?? []).map((one) => one.key),
  ];
  return [...new Set(keys)];
}

/** Labels without some keys. */
export function without(labels: Labels, keys: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !keys.includes(key)));
}

function matches(
  requirement: NonNullable<LabelSelector['matchExpressions']>[number],
  value: string | undefined,
): boolean {
  const values = requirement.values ?? [];
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return true;
  }
}

function valueOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
