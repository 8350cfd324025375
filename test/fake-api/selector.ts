import type { KubeObject } from '../../src/cluster/objects.ts';

/** Whether an object has the labels of a selector: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a`, `!a`, joined by commas. */
export function matchesLabels(object: KubeObject, selector: string | null): boolean {
  const labels = object.metadata.labels ?? {};
  return split(selector ?? '').every((term) => {
    const set = /^(\S+) (in|notin) \((.*)\)$/.exec(term);
    if (set !== null) {
      const listed = (set[3] ?? '').split(',').map((value) => value.trim());
      return listed.includes(labels[set[1] ?? ''] ?? '') === (set[2] === 'in');
    }
    const equal = /^([^!=]+)(!=|==?)(.*)$/.exec(term);
    if (equal !== null) return (labels[equal[1] ?? ''] === equal[3]) === (equal[2] !== '!=');
    return term.startsWith('!') ? !(term.slice(1) in labels) : term in labels;
  });
}

/** Whether an object's fields are those of a selector such as `spec.nodeName=a,status.phase!=Running`. */
export function matchesFields(object: KubeObject, selector: string | null): boolean {
  return split(selector ?? '').every((term) => {
    const [, path = '', operator, wanted] = /^([^!=]+)(!=|==?)(.*)$/.exec(term) ?? [];
    let value: unknown = object;
    for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
    return (value === wanted) === (operator !== '!=');
  });
}

function split(selector: string): string[] {
  return selector.split(/,(?![^(]*\))/).filter((term) => term !== '');
}
