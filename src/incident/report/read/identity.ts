import { type JsonObject, objectOf, objectsOf, textOf, textsOf } from '../../../artifacts/json.ts';
import { excerpt } from '../excerpt.ts';
import type { Identity } from '../facts/identity.ts';

const mostRules = 60;

/**
 * What the account of a pod may do, from what a snapshot of the pod kept: `related` (which bindings are its own) and the
 * objects by `RESOURCE/NAME`. Undefined when it has no pod or no `related`.
 */
export function readIdentity(
  objects: ReadonlyMap<string, JsonObject>,
  caseName: string,
): (Identity & { readonly services: readonly string[] }) | undefined {
  const related = objects.get('related');
  const [, pod] = [...objects].find(([path]) => path.startsWith('pods/')) ?? [];
  const metadata = objectOf(pod?.['metadata']);
  const [namespace, name] = [textOf(metadata?.['namespace']), textOf(metadata?.['name'])];
  if (related === undefined || namespace === undefined || name === undefined) return undefined;
  const bindings = objectsOf(related['bindings']).map((binding) => ({
    binding: `${textOf(binding['kind']) ?? ''}/${textOf(binding['name']) ?? ''}`,
    role: textOf(binding['role']) ?? '',
  }));
  const rules = [...objects]
    .filter(([path]) => path.startsWith('roles/') || path.startsWith('clusterroles/'))
    .flatMap(([, role]) => objectsOf(role['rules']).map(ruleText));
  return {
    account: `${namespace}/${textOf(objectOf(pod?.['spec'])?.['serviceAccountName']) ?? 'default'}`,
    pod: `${namespace}/${name}`,
    bindings,
    rules: excerpt([...new Set(rules)], mostRules, `kubectl ir report ${caseName} -o json`),
    services: textsOf(related['services']),
  };
}

/** A rule of a Role (rbac.authorization.k8s.io/v1 PolicyRule) on one line. */
function ruleText(rule: JsonObject): string {
  const [verbs, groups, resources, names, urls] = [
    'verbs',
    'apiGroups',
    'resources',
    'resourceNames',
    'nonResourceURLs',
  ].map((key) => textsOf(rule[key]));
  const group = groups?.filter((one) => one !== '').join(',') ?? '';
  const what = [...(resources ?? []), ...(urls ?? [])].join(',');
  const only = names === undefined || names.length === 0 ? '' : ` named ${names.join(',')}`;
  return `${verbs?.join(',') ?? ''} ${what}${group === '' ? '' : ` of ${group}`}${only}`;
}
