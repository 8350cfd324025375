import { localText } from '../local-time.ts';
import type { Person } from '../plan.ts';
import { rotaProblems, sharedDuties } from '../rota-problems.ts';
import type { RotaProblem } from '../rota-reading.ts';
import type { Check, Surroundings, Weakness } from './weakness.ts';

/** Days ahead that rotas are looked at. */
export const daysAhead = 90;

const rules: Readonly<Record<RotaProblem['kind'], Pick<Weakness, 'rule' | 'severity'>>> = {
  malformed: { rule: 'rota-malformed', severity: 'error' },
  'unknown-person': { rule: 'unknown-id', severity: 'error' },
  calendar: { rule: 'rota-calendar', severity: 'error' },
  gap: { rule: 'rota-gap', severity: 'warning' },
  'double-booking': { rule: 'rota-double-booking', severity: 'warning' },
};

/** Rotas over the next days: hours that nobody has or two people have, people who left, one person in two rotas at once. */
export const checkRotas: Check = (plan, { now, calendars, unreadable }) => {
  const people = [...plan.people, ...unread(unreadable)];
  const judged = plan.rotas.map((rota) => {
    const calendar = calendars.get(rota.id);
    const entry = { rota, ...(calendar === undefined ? {} : { calendar }) };
    return { entry, problems: rotaProblems(rota, people, now, daysAhead, calendar) };
  });
  const told = judged.flatMap(({ entry: { rota, calendar }, problems }) =>
    // Of a calendar that could not be read whole, a gap says nothing.
    problems
      .filter(({ kind }) => kind !== 'gap' || (calendar?.problems.length ?? 0) === 0)
      .map(({ kind, path, message }) => ({
        ...rules[kind],
        path: ['rotas', rota.id, ...path],
        message,
      })),
  );
  const sound = judged
    .filter(
      ({ entry, problems }) =>
        isSound(problems) && (entry.rota.calendar === undefined || entry.calendar !== undefined),
    )
    .map(({ entry }) => entry);
  const shared = sharedDuties(sound, now, daysAhead).map(
    ({ person, rotas: [first, second], from, times }): Weakness => {
      const zone = plan.rotas.find(({ id }) => id === second)?.timeZone ?? 'UTC';
      const often = times === 1 ? '' : `, and ${times - 1} more within ${daysAhead} days`;
      const message = `${person} is on call here and in rota ${first} at once from ${localText(zone, from)} (${zone})${often}`;
      return { path: ['rotas', second], rule: 'rota-shared', message, severity: 'warning' };
    },
  );
  return [...told, ...shared];
};

function isSound(problems: readonly RotaProblem[]): boolean {
  return !problems.some(({ kind }) => kind === 'malformed' || kind === 'calendar');
}

/** People whose entries could not be read; that they are unknown would be told twice. */
function unread(unreadable: Surroundings['unreadable']): Person[] {
  return Array.from(unreadable, (name) => name.split('.'))
    .filter(([list, id]) => list === 'people' && id !== undefined)
    .map(([, id = '']) => ({ id, name: id, reach: [] }));
}
