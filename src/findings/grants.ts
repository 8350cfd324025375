import { type Account, bindsAccount } from '../cluster/binding.ts';
import type { Access, Binding, PolicyRule, Role } from './access.ts';
import type { Traced } from './finding.ts';

/** A rule that holds for an account, and by what. */
export interface Grant {
  readonly rule: PolicyRule;
  readonly role: Traced<Role>;
  readonly binding: Traced<Binding>;
}

/** Every rule that a binding gives to an account or to one of its groups. */
export function grantsOf(access: Access, account: Account): Grant[] {
  return access.bindings
    .filter(({ value }) => bindsAccount(value.subjects, value.namespace, account))
    .flatMap((binding) => {
      const role = access.roles.findLast(({ value }) => isRoleOf(value, binding.value));
      return role === undefined ? [] : role.value.rules.map((rule) => ({ rule, role, binding }));
    });
}

function isRoleOf(role: Role, { role: { kind, name }, namespace }: Binding): boolean {
  return role.name === name && role.namespace === (kind === 'ClusterRole' ? undefined : namespace);
}
