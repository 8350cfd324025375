import { type Right, whoAmI } from '../cluster/access.ts';
import type { Api } from '../cluster/api.ts';
import { missingRights } from '../cluster/missing-rights.ts';
import { type ActionKind, actionKinds } from '../containment/acts/acts.ts';
import { identityCuts } from '../containment/identity.ts';
import type { MayNot, Wishes } from '../containment/plan.ts';
import type { CommandContext } from './command.ts';
import { rightsError } from './grant-advice.ts';
import type { ClusterCommand } from './rights.ts';
import { actRights } from './rights/acts.ts';
import type { Places } from './rights/right.ts';

export interface Asked {
  readonly command: ClusterCommand;
  /** Rights without which nothing is begun. */
  readonly required: readonly Right[];
  readonly wishes: Wishes;
  readonly places: Places;
}

/**
 * Rights that the wanted acts need and the user lacks; an act that lacks none is not in the map. Throws OperationError that names
 * every one of `required` that is lacking. Each right is asked once.
 */
export async function lackedRights(
  api: Api,
  { signal }: Pick<CommandContext, 'signal'>,
  { command, required, wishes, places }: Asked,
): Promise<MayNot> {
  const wanted = actionKinds
    .filter((kind) => isAsked(kind, wishes) && wishes.skip?.includes(kind) !== true)
    .map((kind) => [kind, actRights(kind, places)] as const);
  const rights = [...required, ...wanted.flatMap(([, needed]) => needed)];
  const missing = new Set(await missingRights(api, rights, signal));
  const lacking = required.filter((right) => missing.has(right));
  if (lacking.length > 0) {
    const { username } = await whoAmI(api, signal);
    throw rightsError({ command, places, username }, lacking);
  }
  const lacked = wanted.map(
    ([kind, needed]) => [kind, needed.filter((right) => missing.has(right))] as const,
  );
  return new Map(lacked.filter(([, some]) => some.length > 0));
}

function isAsked(kind: ActionKind, wishes: Wishes): boolean {
  if (kind === 'cordon' || kind === 'freeze') return wishes[kind] === true;
  return identityCuts.some((cut) => cut === kind) ? wishes.cutIdentity === kind : true;
}
