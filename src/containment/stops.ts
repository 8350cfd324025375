import { ownerText } from './facts/owner.ts';
import type { Outlook } from './outlook.ts';
import type { Subject } from './subject.ts';

/** What else the cluster asks of the pod, a sentence each: what would stop with it, and what others will do. */
export interface Roles {
  /** Reasons not to cut it: writes to the API, or our own way to its node, would stop. */
  readonly stops: readonly string[];
  /** Everything else that it serves. */
  readonly serves: readonly string[];
}

/** What a pod is to the cluster, and what of it stops when it is cut. */
export function rolesOf(subject: Subject, { served, components, aside, gaps }: Outlook): Roles {
  const stops: string[] = [];
  const serves: string[] = [];
  for (const { name, effect, stops: fatal } of components) {
    (fatal ? stops : serves).push(`it is part of the cluster: ${name}; ${effect}`);
  }
  const blind = gaps.some((gap) => gap.startsWith('endpointslices'));
  for (const { service, what, stops: stopped } of served) {
    const others = subject.services.find(({ name }) => name === service)?.readyElsewhere ?? 0;
    const role = `it answers for ${what} through service/${service}`;
    if (stopped === undefined) serves.push(`${role}; the API server goes on without`);
    else if (aside.services.includes(service)) stops.push(`${role}, which keeps it: ${stopped} fail or wait`);
    else if (blind) stops.push(`${role}; whether others answer was not looked at: ${stopped} may stop`);
    else if (others === 0) stops.push(`${role} alone: ${stopped} stop until a replacement is ready`);
    else serves.push(`${role}; ${others} other${others === 1 ? '' : 's'} answer`);
  }
  return { stops, serves };
}

/** What the plan can't do or what comes of it, each a sentence. */
export function warningsOf(subject: Subject, { aside, hindrances, budgets }: Outlook): string[] {
  const { owner } = subject;
  const warnings: string[] = [];
  if (subject.reach.length > 0) warnings.push(reachText(subject));
  if (aside.policies.length > 0) {
    warnings.push(
      `${aside.policies.join(', ')} allows traffic of this pod, and policies add up: the link cut decides`,
    );
  }
  if (aside.avoided.length > 0) {
    warnings.push(`${aside.avoided.join(', ')} would adopt it, so labels that it selects are set aside too`);
  }
  if (aside.adopter !== undefined) {
    warnings.push(`${aside.adopter} selects the pod whatever its labels, and will become its owner`);
  }
  if (owner !== undefined && !aside.leaves && aside.services.length > 0) {
    warnings.push(
      `its labels stay, because ${ownerText(owner)} selects it by them; --detach takes it out of ${aside.services.map((name) => `service/${name}`).join(', ')} and from its owner${hindrances.prevent.length > 0 ? `, with no replacement: ${hindrances.prevent.join(', ')}` : ''}`,
    );
  }
  if (budgets.length > 0 && !aside.leaves) {
    warnings.push(`poddisruptionbudget ${budgets.join(', ')} counts it as available although it is cut`);
  }
  return warnings;
}

/** What it means for a verdict that the pod may control its node. */
export function reachText({ node, reach }: Pick<Subject, 'node' | 'reach'>): string {
  return `whoever controls the pod may control node ${node} and get around the cut: ${reach.join('; ')}. The verdict is as told by that node`;
}
