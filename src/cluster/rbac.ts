import type { Identity, Right } from './access.ts';
import type { KubeObject } from './objects.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** A Role, ClusterRole or one of their bindings (rbac.authorization.k8s.io/v1). */
export type RbacObject = KubeObject &
  (
    | { readonly rules: readonly Rule[] }
    | {
        readonly roleRef: Readonly<Record<'apiGroup' | 'kind' | 'name', string>>;
        readonly subjects: readonly Readonly<Record<string, string>>[];
      }
  );

const apiVersion = 'rbac.authorization.k8s.io/v1';
const roleName = 'kubectl-ir';

/** Objects that give `user` exactly these rights: a Role and binding per namespace, a ClusterRole for the rest. */
export function rbacManifest(rights: readonly Right[], user: Pick<Identity, 'username'>): RbacObject[] {
  const namespaces = [...new Set(rights.map((right) => right.namespace))].sort();
  return namespaces.flatMap((namespace) => {
    const rules = rulesOf(rights.filter((right) => right.namespace === namespace));
    const [kind, metadata] =
      namespace === undefined
        ? (['ClusterRole', { name: roleName }] as const)
        : (['Role', { name: roleName, namespace }] as const);
    return [
      { apiVersion, kind, metadata, rules },
      {
        apiVersion,
        kind: `${kind}Binding`,
        metadata,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: roleName },
        subjects: [subjectOf(user.username)],
      },
    ];
  });
}

/** One rule for each resource, its verbs together. */
function rulesOf(rights: readonly Right[]): Rule[] {
  const rules = new Map<string, { right: Right; verbs: Set<string> }>();
  for (const right of rights) {
    const key = JSON.stringify([right.group ?? '', right.resource, right.subresource, right.name]);
    const rule = rules.get(key) ?? { right, verbs: new Set() };
    rule.verbs.add(right.verb);
    rules.set(key, rule);
  }
  return [...rules.values()].map(({ right, verbs }) => ({
    apiGroups: [right.group ?? ''],
    resources: [right.subresource === undefined ? right.resource : `${right.resource}/${right.subresource}`],
    ...(right.name === undefined ? {} : { resourceNames: [right.name] }),
    verbs: [...verbs].sort(),
  }));
}

/** A service account's user name is `system:serviceaccount:NAMESPACE:NAME`. */
function subjectOf(username: string): Record<string, string> {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username);
  return account === null
    ? { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: username }
    : { kind: 'ServiceAccount', namespace: account[1] ?? '', name: account[2] ?? '' };
}
