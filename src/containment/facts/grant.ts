import { rolesOfEverybody } from '../../cluster/binding.ts';
import type { ClusterRoleBinding, Role, RoleBinding, RoleSubject } from '../../cluster/objects.ts';
import { formatCount } from '../../output/count.ts';

/** A ServiceAccount by its name. */
export interface AccountName {
  readonly namespace: string;
  readonly name: string;
}

/** One binding that gives an account rights. */
export interface Grant {
  /** Absent for a ClusterRoleBinding. */
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
  readonly role: { readonly kind: string; readonly name: string };
  /** The subjects that name the account itself, with their places in the list. */
  readonly own: readonly { readonly index: number; readonly subject: RoleSubject }[];
  /** A group of the account that the binding names. */
  readonly group?: string;
}

const rulesShown = 4;

/** The bindings that give an account rights, by its name or by its groups; those that everybody has are left out. */
export function grantsOf(
  account: AccountName,
  bindings: readonly (RoleBinding | ClusterRoleBinding)[],
): Grant[] {
  const groups = [
    'system:authenticated',
    'system:serviceaccounts',
    `system:serviceaccounts:${account.namespace}`,
  ];
  return bindings.flatMap(({ metadata, roleRef, subjects }) => {
    const own = (subjects ?? []).flatMap((subject, index) =>
      namesAccount(subject, account) ? [{ index, subject }] : [],
    );
    const group = (subjects ?? []).find(({ kind, name }) => kind === 'Group' && groups.includes(name))?.name;
    if ((own.length === 0 && group === undefined) || (own.length === 0 && rolesOfEverybody.has(roleRef.name)))
      return [];
    return [
      {
        ...(metadata?.namespace === undefined ? {} : { namespace: metadata.namespace }),
        name: metadata?.name ?? '',
        uid: metadata?.uid ?? '',
        role: { kind: roleRef.kind, name: roleRef.name },
        own,
        ...(group === undefined ? {} : { group }),
      },
    ];
  });
}

/** True for a subject of a binding that means the account, by either of its two names (Kubernetes, RBAC, "Referring to subjects"). */
export function namesAccount({ kind, name, namespace }: RoleSubject, account: AccountName): boolean {
  if (kind === 'ServiceAccount') return name === account.name && namespace === account.namespace;
  return kind === 'User' && name === `system:serviceaccount:${account.namespace}:${account.name}`;
}

/** `rolebinding/web in namespace prod`. */
export function bindingText({ namespace, name }: Pick<Grant, 'namespace' | 'name'>): string {
  return namespace === undefined
    ? `clusterrolebinding/${name}`
    : `rolebinding/${name} in namespace ${namespace}`;
}

/** What a binding gives, in one line; `rules` is undefined when the role was not read. */
export function grantText(grant: Grant, rules: Role['rules']): string {
  const { role, group } = grant;
  const through = grant.own.length === 0 && group !== undefined ? ` through the group ${group}` : '';
  const texts = (rules ?? []).map(({ verbs, resources, nonResourceURLs, resourceNames }) => {
    const what = [...(resources ?? []), ...(nonResourceURLs ?? [])].join(',');
    return `${verbs.join(',')} ${what}${resourceNames === undefined ? '' : ` (${resourceNames.join(',')})`}`;
  });
  const more = texts.length > rulesShown ? ` and ${formatCount(texts.length - rulesShown, 'more rule')}` : '';
  const shown = rules === undefined ? 'rules not read' : texts.slice(0, rulesShown).join('; ') || 'nothing';
  return `${bindingText(grant)}${through} gives ${role.kind.toLowerCase()}/${role.name}: ${shown}${more}`;
}
