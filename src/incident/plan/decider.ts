import type { Decision, Person, Plan } from './plan.ts';

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
