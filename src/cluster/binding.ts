/** Whom a RoleBinding or ClusterRoleBinding names. */
export interface BindingSubject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** A ServiceAccount by its name. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** Roles that every cluster gives to all accounts (Kubernetes, "Default roles and role bindings"). */
export const rolesOfEverybody: ReadonlySet<string> = new Set([
  'system:basic-user',
  'system:discovery',
  'system:public-info-viewer',
  'system:service-account-issuer-discovery',
]);

/** True when subjects of a binding in `namespace` (if it is in one) name the ServiceAccount, itself or one of its groups. */
export function bindsAccount(
  subjects: readonly BindingSubject[],
  namespace: string | undefined,
  account: Account,
): boolean {
  const groups = [
    'system:serviceaccounts',
    `system:serviceaccounts:${account.namespace}`,
    'system:authenticated',
  ];
  return subjects.some(
    (subject) =>
      (subject.kind === 'ServiceAccount' &&
        subject.name === account.name &&
        (subject.namespace ?? namespace) === account.namespace) ||
      (subject.kind === 'User' &&
        subject.name === `system:serviceaccount:${account.namespace}:${account.name}`) ||
      (subject.kind === 'Group' && groups.includes(subject.name)),
  );
}
