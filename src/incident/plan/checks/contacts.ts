import type { Person, Plan, Reference } from '../plan.ts';
import type { Weakness } from './weakness.ts';

/** Whether somebody can be reached at all, and in a second way when the first one fails. */
export function checkReach({ people }: Plan): Weakness[] {
  return people.flatMap((person): Weakness[] => {
    const path = ['people', person.id, 'reach'];
    const [only, another] = waysOf(person);
    if (only === undefined)
      return [
        { path, rule: 'no-way', message: `nothing says how to reach ${person.name}`, severity: 'error' },
      ];
    if (another !== undefined) return [];
    const message =
      person.reach.length === 1
        ? `${person.reach[0]?.by ?? ''} is the only way to reach ${person.name}; one fails on the night`
        : `all ways to reach ${person.name} are the same number or address; one fails on the night`;
    return [{ path, rule: 'one-way', message, severity: 'warning' }];
  });
}

/** Numbers and addresses, each once: a phone and the messages to it fail together. */
function waysOf({ reach }: Person): string[] {
  return [...new Set(reach.map(({ at }) => at.toLowerCase().replaceAll(/[\s()./-]/g, '')))];
}

/** Whether every area has somebody else when its first contact does not answer, and whether it is not the same one for all. */
export function checkAreas(plan: Plan): Weakness[] {
  const { areas } = plan;
  const deputies = areas.flatMap(({ id, primary, deputies }): Weakness[] => {
    const others = new Set(deputies.flatMap((one) => peopleOf(plan, one)));
    const first = peopleOf(plan, primary);
    if (deputies.length === 0)
      return [
        {
          path: ['areas', id],
          rule: 'area-without-deputy',
          message: `nobody is called when ${primary} does not answer; name a deputy`,
          severity: 'warning',
        },
      ];
    // Of a rota or a team somebody else may be on call, so the same group twice is no deputy, one person of it is.
    const same =
      deputies.every((one) => one === primary) ||
      (first.length === 1 && others.size === 1 && others.has(first[0] ?? ''));
    if (!same) return [];
    const message = `its deputies are ${primary} again; name somebody else`;
    return [{ path: ['areas', id, 'deputies'], rule: 'deputy-is-primary', message, severity: 'warning' }];
  });
  return [...oneForAll(plan), ...deputies];
}

function oneForAll(plan: Plan): Weakness[] {
  const [first, ...others] = plan.areas;
  if (first === undefined || others.length === 0) return [];
  const [person, ...more] = peopleOf(plan, first.primary);
  const all =
    person !== undefined && more.length === 0 && others.every(({ primary }) => isOnly(plan, primary, person));
  if (!all) return [];
  const name = plan.people.find(({ id }) => id === person)?.name ?? person;
  const message = `${name} is the first contact of all ${plan.areas.length} areas; share them out`;
  return [{ path: ['areas'], rule: 'one-person-for-all', message, severity: 'warning' }];
}

function isOnly(plan: Plan, reference: Reference, person: string): boolean {
  const people = peopleOf(plan, reference);
  return people.length === 1 && people[0] === person;
}

/** Ids of everybody whom a reference may lead to, each once; nobody for what the plan does not have. A calendar's people are not known here. */
export function peopleOf(plan: Plan, reference: Reference): string[] {
  return [...new Set(reach(plan, reference, new Set()))];
}

function* reach(plan: Plan, reference: Reference, seen: Set<Reference>): Generator<string> {
  if (seen.has(reference)) return;
  seen.add(reference);
  const [kind, id] = reference.split('/');
  const has = (entry: { readonly id: string }): boolean => entry.id === id;
  if (kind === 'person') yield* plan.people.filter(has).map((person) => person.id);
  for (const { lead, members } of kind === 'team' ? plan.teams.filter(has) : []) yield* [lead, ...members];
  for (const { calendar, layers = [], overrides = [] } of kind === 'rota' ? plan.rotas.filter(has) : []) {
    if (calendar !== undefined) yield `calendar of ${reference}`;
    yield* layers.flatMap(({ people }) => people);
    yield* overrides.map(({ person }) => person);
  }
  for (const { primary, deputies } of kind === 'area' ? plan.areas.filter(has) : [])
    for (const one of [primary, ...deputies]) yield* reach(plan, one, seen);
}
