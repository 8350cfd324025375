import { chainsFor } from '../chain.ts';
import type { EscalationChain } from '../escalation.ts';
import type { Plan } from '../plan.ts';
import { formatCount } from '../../../output/count.ts';
import { peopleOf } from './contacts.ts';
import type { Surroundings, Weakness } from './weakness.ts';

/** Chains that go round, end with the one whom they began with, are too slow, or that a severity lacks. */
export function checkEscalation(plan: Plan, { unreadable }: Surroundings): Weakness[] {
  const begun = chainsBegun(plan);
  const each = plan.escalation.flatMap((chain) => [...chainWeaknesses(plan, chain, begun)]);
  // What a chain that could not be read is for is not known, and of a circle nobody knows where it begins.
  const whole =
    plan.escalation.length > 0 &&
    !Array.from(unreadable).some((name) => name.startsWith('escalation')) &&
    plan.escalation.every((chain) => courseOf(plan, chain).loop === undefined);
  return whole ? [...each, ...uncovered(plan)] : each;
}

function* chainWeaknesses(
  plan: Plan,
  chain: EscalationChain,
  begun: ReturnType<typeof chainsBegun>,
): Generator<Weakness> {
  const path = ['escalation', chain.id];
  const course = courseOf(plan, chain);
  if (course.loop !== undefined) {
    // Told once, at the first chain of the file that is part of it.
    const first = plan.escalation.find(({ id }) => course.loop?.includes(id));
    if (first === chain) {
      const message = `goes round and never ends: ${[...course.loop, course.loop[0] ?? ''].join(' -> ')}`;
      yield { path: [...path, 'then'], rule: 'escalation-loop', message, severity: 'error' };
    }
    return;
  }
  const steps = course.chains.flatMap((one) => one.steps);
  const people = new Set(steps.flatMap(({ notify }) => notify).flatMap((one) => peopleOf(plan, one)));
  const references = new Set(steps.flatMap(({ notify }) => notify));
  if (people.size === 1 || references.size === 1) {
    const message = `ends with ${[...references].join(' and ')}: when nobody answers, nobody else is called`;
    yield { path, rule: 'escalation-ends', message, severity: 'warning' };
  }
  const [first] = chain.steps;
  const [fastest] = plan.severities
    .filter(({ id }) => begun.get(id)?.has(chain))
    .sort((a, b) => a.respondWithinMinutes - b.respondWithinMinutes);
  if (first === undefined || fastest === undefined) return;
  if (first.timeoutMinutes < fastest.respondWithinMinutes) return;
  const message = `its first step waits ${formatCount(first.timeoutMinutes, 'minute')}, and ${fastest.id} has to be answered within ${fastest.respondWithinMinutes}`;
  yield {
    path: [...path, 'steps', 0, 'timeoutMinutes'],
    rule: 'escalation-slow',
    message,
    severity: 'warning',
  };
}

/** For each severity the chains that an ordinary incident of it may be escalated by, in one area or another. */
function chainsBegun(plan: Plan): Map<string, ReadonlySet<EscalationChain>> {
  const named = new Set(plan.escalation.flatMap(({ areas }) => areas ?? []));
  const areas = [{}, ...Array.from(named, (area) => ({ area }))];
  const ordinary = { highProfile: false, dataInvolved: false };
  return new Map(
    plan.severities.map(({ id }) => [
      id,
      new Set(areas.flatMap((area) => chainsFor(plan, { severity: id, ...area, ...ordinary }))),
    ]),
  );
}

/** The chain and those that go on after it, or the ids of those that go round. */
function courseOf(plan: Plan, chain: EscalationChain): { chains: EscalationChain[]; loop?: string[] } {
  const chains: EscalationChain[] = [];
  const places = new Map<string, number>();
  for (let next: EscalationChain | undefined = chain; next !== undefined;) {
    const { id, then }: EscalationChain = next;
    const at = places.get(id);
    if (at !== undefined) return { chains, loop: chains.slice(at).map((one) => one.id) };
    places.set(id, chains.length);
    chains.push(next);
    next = then === undefined ? undefined : plan.escalation.find((one) => one.id === then);
  }
  return { chains };
}

/** Severities of which an ordinary incident in some area has nobody to go to. */
function uncovered(plan: Plan): Weakness[] {
  const { severities, areas } = plan;
  const ordinary = plan.escalation.filter(({ when }) => when === undefined);
  return severities.flatMap(({ id }): Weakness[] => {
    const chains = ordinary.filter((chain) => chain.severities?.includes(id) ?? true);
    const without = areas.filter((area) => !chains.some((chain) => chain.areas?.includes(area.id) ?? true));
    if (chains.length > 0 && without.length === 0) return [];
    const where = without.length === areas.length ? '' : ` in ${without.map((area) => area.id).join(', ')}`;
    const message = `no escalation chain is for it${where}; a chain with a condition may not apply`;
    return [{ path: ['severities', id], rule: 'severity-without-escalation', message, severity: 'warning' }];
  });
}
