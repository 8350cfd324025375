import { createHash } from 'node:crypto';
import type { Right } from './access.ts';
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

/** To whom rights are given, and what for. */
export interface Grant {
  readonly username: string;
  /** Every command when none is named. */
  readonly command?: string | undefined;
  readonly namespace: string;
  readonly collectorNamespace: string;
}

const apiVersion = 'rbac.authorization.k8s.io/v1';

/** Objects that give the user exactly these rights: a Role and binding per namespace, a ClusterRole for the rest. */
export function rbacManifest(rights: readonly Right[], grant: Grant): RbacObject[] {
  const name = nameOf(grant);
  const namespaces = [...new Set(rights.map((right) => right.namespace))].sort();
  return namespaces.flatMap((namespace) => {
    const rules = rulesOf(rights.filter((right) => right.namespace === namespace));
    const [kind, metadata] =
      namespace === undefined
        ? (['ClusterRole', { name }] as const)
        : (['Role', { name, namespace }] as const);
    return [
      { apiVersion, kind, metadata, rules },
      {
        apiVersion,
        kind: `${kind}Binding`,
        metadata,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
        subjects: [subjectOf(grant.username)],
      },
    ];
  });
}

/** A name longer than this is cut: kubectl's tables, and whoever types it, take no more. */
const longestUser = 128;

/**
 * Equal for equal grants and different for any others, because applying an object replaces the rules and subjects of an object
 * with the same name. An RBAC name may be any path segment: anything but `.`, `..` and what holds `/` or `%` (ValidateRBACName
 * of Kubernetes). The user comes last, because only that part may hold a colon. Characters of it that are not plain are written
 * as `=` and their bytes in hexadecimal; a long one is cut and its digest appended.
 */
function nameOf({ username, command = 'all', namespace, collectorNamespace }: Grant): string {
  const user = username.replaceAll(/[^\w.:@+-]/gu, (one) =>
    [...Buffer.from(one)].map((byte) => `=${byte.toString(16).padStart(2, '0')}`).join(''),
  );
  const digest = (): string => createHash('sha256').update(username).digest('hex');
  const last = user.length <= longestUser ? user : `${user.slice(0, longestUser)}=sha256-${digest()}`;
  return ['kubectl-ir', command, namespace, collectorNamespace, last].join(':');
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
