import type { Action, ActionKind } from './acts/acts.ts';
import { planCut } from './acts/cut.ts';
import { planDeny } from './acts/deny.ts';
import { labelsAside, planDetach } from './acts/detach.ts';
import { selects, without } from './selector.ts';
import { isReplicaSetOwner, type Subject } from './subject.ts';
import type { KnownPeers } from './tries.ts';

/** What the user wants otherwise than it is planned by itself. */
export interface Wishes {
  /** Acts that are left out. */
  readonly skip?: readonly ActionKind[];
}

/** What isolate will do to one pod, and what follows from it. */
export interface IsolationPlan {
  readonly subject: Subject;
  /** In the order of acting. */
  readonly actions: readonly Action[];
  /** One sentence: what happens to the service. */
  readonly service: string;
  /** What the plan can't do, each a sentence. */
  readonly warnings: readonly string[];
  /** Addresses of the cluster to try new connections to. */
  readonly peers: KnownPeers;
}

/** The ordered actions for one pod: the cut first, because it is what stops bytes. */
export function buildPlan(subject: Subject, wishes: Wishes = {}, peers: KnownPeers = {}): IsolationPlan {
  const planned = [planCut(subject), planDeny(subject), planDetach(subject)];
  const actions = planned.filter(
    (action) => action !== undefined && wishes.skip?.includes(action.kind) !== true,
  ) as Action[];
  return { subject, actions, service: serviceSentence(subject), warnings: warningsOf(subject), peers };
}

function serviceSentence(subject: Subject): string {
  const services = subject.services.map((one) => `service/${one.name}`).join(', ');
  const owner = subject.owner;
  if (isReplicaSetOwner(owner)) {
    const served = services === '' ? 'no service selects it' : `${services} drops it`;
    return `${served}; replicaset/${owner.name} starts a replacement`;
  }
  const why = owner === undefined ? 'no owner' : `owner ${owner.kind.toLowerCase()}/${owner.name}`;
  const served =
    services === '' ? 'no service selects it' : `${services} keeps it as an endpoint that does not answer`;
  return `${why}, so nothing replaces it; ${served}`;
}

function warningsOf(subject: Subject): string[] {
  const warnings: string[] = [];
  const rest = without(subject.labels, Object.keys(labelsAside(subject)));
  if (isReplicaSetOwner(subject.owner) && selects(subject.owner.selector, rest)) {
    warnings.push(`replicaset/${subject.owner.name} selects the pod whatever its labels; it stays its owner`);
  }
  const open = subject.policies.filter((policy) => policy.allows).map((policy) => policy.name);
  if (open.length > 0) {
    warnings.push(
      `networkpolicy ${open.join(', ')} allows traffic of this pod, and policies add up: the link cut decides`,
    );
  }
  return warnings;
}
