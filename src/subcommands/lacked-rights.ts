import { missingRights } from '../cluster/access.ts';
import type { Api } from '../cluster/api.ts';
import { type ActionKind, actionKinds } from '../containment/acts/acts.ts';
import { identityCuts } from '../containment/identity.ts';
import type { MayNot, Wishes } from '../containment/plan.ts';
import { actRights, type Places } from './rights.ts';

/** Rights that the wanted acts need and the user lacks; an act that lacks none is not in the map. */
export async function lackedRights(
  api: Api,
  wishes: Wishes,
  places: Places,
  signal: AbortSignal,
): Promise<MayNot> {
  const wanted = actionKinds.filter((kind) => {
    return isAsked(kind, wishes) && wishes.skip?.includes(kind) !== true;
  });
  const lacking = await Promise.all(
    wanted.map(async (kind) => [kind, await missingRights(api, actRights(kind, places), signal)] as const),
  );
  return new Map(lacking.filter(([, missing]) => missing.length > 0));
}

function isAsked(kind: ActionKind, wishes: Wishes): boolean {
  if (kind === 'cordon' || kind === 'freeze') return wishes[kind] === true;
  return identityCuts.some((cut) => cut === kind) ? wishes.cutIdentity === kind : true;
}
