import { Temporal } from 'temporal-polyfill';
import { OperationError } from '../../output/errors.ts';
import { localAt, momentAt } from './local-time.ts';
import type { Rota } from './rota.ts';
import { type Hours, type ReadLayer, type ReadOverride, readRota } from './rota-reading.ts';
import { settle, type Shift, within } from './shift.ts';

/** A calendar that is kept elsewhere, once it was read for some time. */
export interface RotaCalendar {
  /** The time that it was read for, in milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Events that touch that time, in order of their beginnings; they may overlap. */
  readonly claims: readonly Shift[];
  /** What could not be read of it, one sentence each. */
  readonly problems: readonly string[];
}

/** Who is on call at a moment, until when, and who follows. */
export interface Duty {
  /** Missing while nobody is. */
  readonly person?: string;
  /** When that changes; missing when it does not within 92 days. */
  readonly until?: number;
  /** Who is on call next, and from when; missing when nobody else is within 92 days. */
  readonly next?: { readonly person: string; readonly from: number };
}

const dayMs = 86_400_000;
/** Days ahead that `onCall` looks at, for which a calendar has to be read. */
export const daysAhead = 92;
/** The short look first. */
const horizons = [8, 32, daysAhead];

/**
 * Who is on call at `moment` (milliseconds since the epoch), until when and who is next. Throws OperationError when the
 * rota is malformed or its calendar is not given.
 */
export function onCall(rota: Rota, moment: number, calendar?: RotaCalendar): Duty {
  let duty: Duty = {};
  for (const days of horizons) {
    duty = dutyOf(shiftsOf(rota, moment, moment + days * dayMs, calendar), moment, moment + days * dayMs);
    if (duty.next !== undefined) return duty;
  }
  return duty;
}

function dutyOf(shifts: readonly Shift[], moment: number, end: number): Duty {
  const now = shifts.find(({ from }) => from === moment);
  const next = shifts.find(({ person, from }) => from > moment && person !== now?.person);
  const until = now === undefined ? shifts[0]?.from : now.to;
  return {
    ...(now === undefined ? {} : { person: now.person }),
    ...(until === undefined || until === end ? {} : { until }),
    ...(next === undefined ? {} : { next: { person: next.person, from: next.from } }),
  };
}

/**
 * Shifts between two moments (milliseconds since the epoch), cut at both, in order and without overlap; where there is
 * none, nobody is on call. Throws OperationError when the rota is malformed or its calendar is not given.
 */
export function shiftsOf(rota: Rota, from: number, to: number, calendar?: RotaCalendar): Shift[] {
  const { read, problems } = readRota(rota);
  const [problem] = problems;
  if (problem !== undefined)
    throw new OperationError(
      `rota "${rota.id}" cannot be read: ${[...problem.path, problem.message].join(' ')}`,
      {
        advice: 'see all that is wrong with the plan: kubectl ir plan check',
      },
    );
  if (rota.calendar !== undefined && calendar === undefined)
    throw new OperationError(`rota "${rota.id}" is kept in ${rota.calendar}, which was not read`);
  if (calendar !== undefined && (from < calendar.from || to > calendar.to))
    throw new Error(`the calendar of rota "${rota.id}" was read for another time`);
  const { zone, layers, overrides } = read;
  return within(
    settle([
      ...layers.flatMap((layer) => layerClaims(layer, zone, from, to)),
      ...(calendar?.claims ?? []),
      ...overrideClaims(overrides, zone).filter((claim) => claim.from < to && claim.to > from),
    ]),
    from,
    to,
  );
}

/** What overrides claim, in their order; one that a change of clocks leaves nothing of claims nothing. */
export function overrideClaims(overrides: readonly ReadOverride[], zone: string): Shift[] {
  return overrides.map(({ person, from, to }) => {
    const begin = momentAt(zone, from);
    return { person, from: begin, to: Math.max(begin, momentAt(zone, to)) };
  });
}

function layerClaims(layer: ReadLayer, zone: string, from: number, to: number): Shift[] {
  const turns = turnsOf(layer, zone, from, to);
  if (layer.hours === undefined) return turns;
  const open = hoursOf(layer.hours, zone, from, to);
  return turns.flatMap(({ person, ...turn }) =>
    within(open, turn.from, turn.to).map((span) => ({ ...span, person })),
  );
}

/** Turns that touch the time between two moments; days are counted on the calendar, so that changes of clocks shift nothing. */
function turnsOf(
  { people, start, handover, turnDays }: ReadLayer,
  zone: string,
  from: number,
  to: number,
): Shift[] {
  const turns: Shift[] = [];
  const day = localAt(zone, from).toPlainDate().subtract({ days: 2 });
  const handoverOf = (turn: number): number =>
    momentAt(zone, start.add({ days: turn * turnDays }).toPlainDateTime(handover));
  let turn = Math.max(0, Math.floor(start.until(day).days / turnDays));
  for (let begin = handoverOf(turn); begin < to; turn += 1) {
    const end = handoverOf(turn + 1);
    const person = people[turn % people.length];
    if (person !== undefined && begin < end && end > from) turns.push({ person, from: begin, to: end });
    begin = end;
  }
  return turns;
}

/** The hours of a layer as spans of nobody yet. */
function hoursOf({ days, times }: Hours, zone: string, from: number, to: number): Shift[] {
  const spans: Shift[] = [];
  const midnight = Temporal.PlainTime.from('00:00');
  const { from: begin, to: end } = times ?? { from: midnight, to: midnight };
  const over = Temporal.PlainTime.compare(end, begin) <= 0 ? 1 : 0;
  const last = localAt(zone, to).toPlainDate();
  let day = localAt(zone, from).toPlainDate().subtract({ days: 2 });
  for (; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
    if (!days.has(day.dayOfWeek)) continue;
    const span = {
      person: '',
      from: momentAt(zone, day.toPlainDateTime(begin)),
      to: momentAt(zone, day.add({ days: over }).toPlainDateTime(end)),
    };
    if (span.from < span.to) spans.push(span);
  }
  return spans;
}
