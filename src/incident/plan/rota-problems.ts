import { formatCount } from '../../output/count.ts';
import { localText } from './local-time.ts';
import type { Person } from './plan.ts';
import type { Rota } from './rota.ts';
import { readRota, type RotaProblem } from './rota-reading.ts';
import { overlaps, type Shift } from './shift.ts';
import { overrideClaims, type RotaCalendar, shiftsOf } from './shifts.ts';

const dayMs = 86_400_000;

/**
 * What will hurt of a rota in the days after `from` (milliseconds since the epoch): what is malformed, people that the
 * plan does not have, time in which nobody is on call, and time that two people have. Gaps and double bookings are told
 * once, by the first of them and their number. A rota with a calendar that is not given is judged without its times.
 */
export function rotaProblems(
  rota: Rota,
  people: readonly Person[],
  from: number,
  days: number,
  calendar?: RotaCalendar,
): RotaProblem[] {
  const { read, problems } = readRota(rota);
  const known = new Set(people.map(({ id }) => id));
  const told: RotaProblem[] = [...problems, ...unknownPeople(rota, known)];
  for (const message of calendar?.problems ?? [])
    told.push({ kind: 'calendar', path: ['calendar'], message });
  if (problems.length > 0 || (rota.calendar !== undefined && calendar === undefined)) return told;
  const to = from + days * dayMs;
  const events = calendar?.claims ?? [];
  const strangers = [...new Set(events.map(({ person }) => person).filter((person) => !known.has(person)))];
  for (const person of strangers)
    told.push({
      kind: 'unknown-person',
      path: ['calendar'],
      message: `"${person}" is neither the id nor the name of one person of the plan`,
    });
  const time: Time = { from, to, days, zone: read.zone };
  told.push(
    ...doubleBookings('overrides', overrideClaims(read.overrides, read.zone), time),
    ...doubleBookings('calendar', events, time),
    ...gaps(shiftsOf(rota, from, to, calendar), time),
  );
  return told;
}

function unknownPeople({ layers = [], overrides = [] }: Rota, known: ReadonlySet<string>): RotaProblem[] {
  const named = [
    ...layers.flatMap(({ people }, layer) =>
      people.map((person, at) => ({ person, path: ['layers', layer, 'people', at] })),
    ),
    ...overrides.map(({ person }, at) => ({ person, path: ['overrides', at, 'person'] })),
  ];
  return named
    .filter(({ person }) => !known.has(person))
    .map(({ person, path }) => ({
      kind: 'unknown-person',
      path,
      message: `"${person}" is nobody of the plan`,
    }));
}

/** The time that is looked at, and whose clocks tell it. */
interface Time {
  readonly from: number;
  readonly to: number;
  readonly days: number;
  readonly zone: string;
}

function doubleBookings(kind: 'overrides' | 'calendar', claims: readonly Shift[], time: Time): RotaProblem[] {
  const found = overlaps(claims).filter(({ from, to }) => from < to && to > time.from && from < time.to);
  const [first] = found;
  if (first === undefined) return [];
  const [one, other] = first.places.toSorted((a, b) => a - b).map((place) => claims[place]?.person ?? '');
  const message = `"${one}" and "${other}" are both on call ${spanText(first, time)}${moreTimes(found.length, time)}`;
  const path = kind === 'overrides' ? ['overrides', Math.max(...first.places)] : ['calendar'];
  return [{ kind: 'double-booking', path, message: `${message}; the later entry counts` }];
}

function gaps(shifts: readonly Shift[], time: Time): RotaProblem[] {
  const ends = [time.from, ...shifts.map(({ to }) => to)];
  const begins = [...shifts.map(({ from }) => from), time.to];
  const found = ends
    .map((end, at) => ({ from: end, to: begins[at] ?? end }))
    .filter(({ from, to }) => from < to);
  const [first] = found;
  if (first === undefined) return [];
  const message = `nobody is on call ${spanText(first, time)}${moreTimes(found.length, time)}`;
  return [{ kind: 'gap', path: [], message }];
}

function spanText({ from, to }: { readonly from: number; readonly to: number }, { zone }: Time): string {
  return `from ${localText(zone, from)} to ${localText(zone, to)} (${zone})`;
}

function moreTimes(count: number, { days }: Time): string {
  if (count === 1) return '';
  return `, and ${formatCount(count - 1, 'time')} more within ${days} days`;
}

/** One person on call in two rotas at once: from when until when first, and how often in the time that was looked at. */
export interface SharedDuty {
  readonly person: string;
  /** Ids of the rotas. */
  readonly rotas: readonly [string, string];
  readonly from: number;
  readonly to: number;
  readonly times: number;
}

/**
 * People who are on call in two rotas at once in the days after `from` (milliseconds since the epoch), one entry for each
 * person and pair of rotas. Throws as `shiftsOf` does: judge rotas with `rotaProblems` first.
 */
export function sharedDuties(
  rotas: readonly { readonly rota: Rota; readonly calendar?: RotaCalendar }[],
  from: number,
  days: number,
): SharedDuty[] {
  const all = rotas.map(({ rota, calendar }) => ({
    id: rota.id,
    shifts: shiftsOf(rota, from, from + days * dayMs, calendar),
  }));
  return all.flatMap((one, at) =>
    all.slice(at + 1).flatMap((other) => shared([one.id, other.id], one.shifts, other.shifts)),
  );
}

function shared(
  rotas: readonly [string, string],
  ones: readonly Shift[],
  others: readonly Shift[],
): SharedDuty[] {
  const byPerson = new Map<string, SharedDuty>();
  for (const { person, from, to } of commonTime(ones, others)) {
    const first = byPerson.get(person) ?? { person, rotas, from, to, times: 0 };
    byPerson.set(person, { ...first, times: first.times + 1 });
  }
  return [...byPerson.values()];
}

/** Where the same person has both; each list is in order and without overlap. */
function* commonTime(ones: readonly Shift[], others: readonly Shift[]): Generator<Shift> {
  let at = 0;
  for (const one of ones) {
    for (; (others[at]?.to ?? Infinity) <= one.from; at += 1);
    for (let i = at; (others[i]?.from ?? Infinity) < one.to; i += 1) {
      const other = others[i];
      if (other?.person !== one.person) continue;
      yield { person: one.person, from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
    }
  }
}
