import type { Decision, Person, Plan, Reference } from './plan.ts';
import type { Rota } from './rota.ts';

/** What a plan says of a move: who decides, and what must be so before. All entries of the move count. */
export function decisionOn({ decisions }: Plan, move: string): Omit<Decision, 'move'> | undefined {
  const found = decisions.filter((one) => one.move === move);
  if (found.length === 0) return undefined;
  return { by: found.flatMap(({ by }) => by), before: found.flatMap(({ before }) => before) };
}

/** The person that somebody calls by id, by `person/ID` or by name; a name that several people have is nobody's. */
export function personCalled({ people }: Plan, who: string): Person | undefined {
  const id = who.replace(/^person\//, '');
  const named = people.filter(({ name }) => name.toLowerCase() === who.toLowerCase());
  return people.find((person) => person.id === id) ?? (named.length === 1 ? named[0] : undefined);
}

/**
 * Ids of the people that references stand for: the person, the lead and members of a team, contacts of an area, and of a
 * rota whomever `onCall` names. What is not in the plan stands for nobody; areas that refer to themselves end.
 */
export function peopleOf(
  plan: Plan,
  references: readonly Reference[],
  onCall: (rota: Rota) => readonly string[],
): Set<string> {
  const people = new Set<string>();
  const seen = new Set<Reference>();
  const waiting = [...references];
  for (let reference = waiting.pop(); reference !== undefined; reference = waiting.pop()) {
    if (seen.has(reference)) continue;
    seen.add(reference);
    const [kind, id = ''] = reference.split('/');
    const named = <T extends { readonly id: string }>(list: readonly T[]): T | undefined =>
      list.find((one) => one.id === id);
    if (kind === 'person' && named(plan.people) !== undefined) people.add(id);
    const team = kind === 'team' ? named(plan.teams) : undefined;
    for (const member of team === undefined ? [] : [team.lead, ...team.members]) people.add(member);
    const area = kind === 'area' ? named(plan.areas) : undefined;
    waiting.push(...(area === undefined ? [] : [area.primary, ...area.deputies]));
    const rota = kind === 'rota' ? named(plan.rotas) : undefined;
    for (const person of rota === undefined ? [] : onCall(rota)) people.add(person);
  }
  return people;
}
