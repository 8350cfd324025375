import type { Temporal } from 'temporal-polyfill';
import { isTimeZone, readDay, readLocal, readTimeOfDay } from './local-time.ts';
import { type Layer, type Override, type Rota, weekdays } from './rota.ts';

/** What is wrong with a rota, where in it, such as `['layers', 0, 'people', 2]`, and for people one sentence without a full stop. */
export interface RotaProblem {
  readonly kind: 'malformed' | 'unknown-person' | 'calendar' | 'gap' | 'double-booking';
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A rota with days and times as such. */
export interface ReadRota {
  readonly zone: string;
  readonly layers: readonly ReadLayer[];
  readonly overrides: readonly ReadOverride[];
}

export interface ReadLayer {
  readonly people: readonly string[];
  readonly start: Temporal.PlainDate;
  readonly handover: Temporal.PlainTime;
  readonly turnDays: number;
  /** Missing when the layer fills the whole week. */
  readonly hours?: Hours;
}

/** Hours that begin on some days of the week (1 is Monday); without times, midnight to midnight. */
export interface Hours {
  readonly days: ReadonlySet<number>;
  readonly times?: { readonly from: Temporal.PlainTime; readonly to: Temporal.PlainTime };
}

export interface ReadOverride {
  readonly person: string;
  readonly from: Temporal.PlainDateTime;
  readonly to: Temporal.PlainDateTime;
}

/** Longest turn of one person, in days. */
const longestTurn = 366;

/** Reads zone, days and times of a rota. Whatever is malformed is left out and told. */
export function readRota(rota: Rota): { readonly read: ReadRota; readonly problems: readonly RotaProblem[] } {
  const problems: RotaProblem[] = [];
  const tell: Tell = (path, message) => problems.push({ kind: 'malformed', path, message });
  const known = isTimeZone(rota.timeZone);
  if (!known) tell(['timeZone'], `"${rota.timeZone}" is no time zone; take a name such as Europe/Vienna`);
  const { layers = [], overrides = [] } = rota;
  if (layers.length === 0 && overrides.length === 0 && rota.calendar === undefined)
    tell([], 'has neither layers nor a calendar, so nobody is ever on call');
  const read = {
    zone: known ? rota.timeZone : 'UTC',
    layers: layers.flatMap((layer, at) => readLayer(layer, ['layers', at], tell) ?? []),
    overrides: overrides.flatMap((override, at) => readOverride(override, ['overrides', at], tell) ?? []),
  };
  return { read, problems };
}

type Tell = (path: RotaProblem['path'], message: string) => unknown;

function readLayer(layer: Layer, path: RotaProblem['path'], tell: Tell): ReadLayer | undefined {
  const start = readDay(layer.start);
  if (start === undefined) tell([...path, 'start'], noDay(layer.start));
  const handover = readTimeOfDay(layer.handover);
  if (handover === undefined) tell([...path, 'handover'], noTime(layer.handover));
  const { people, turnDays } = layer;
  if (people.length === 0) tell([...path, 'people'], 'a layer without people names nobody');
  const soundTurn = Number.isInteger(turnDays) && turnDays >= 1 && turnDays <= longestTurn;
  if (!soundTurn)
    tell([...path, 'turnDays'], `a turn of ${turnDays} days cannot be; take 1 to ${longestTurn}`);
  const hours = readHours(layer, path, tell);
  if (start === undefined || handover === undefined || people.length === 0 || !soundTurn || hours === 'wrong')
    return undefined;
  return { people, start, handover, turnDays, ...(hours === undefined ? {} : { hours }) };
}

function readHours(layer: Layer, path: RotaProblem['path'], tell: Tell): Hours | 'wrong' | undefined {
  const { days = weekdays, from, to } = layer;
  if (layer.days === undefined && from === undefined && to === undefined) return undefined;
  const numbers = days.map((day) => weekdays.indexOf(day) + 1);
  const sound = numbers.length > 0 && numbers.every((number) => number > 0);
  if (!sound) tell([...path, 'days'], `days are some of ${weekdays.join(', ')}`);
  if (from === undefined && to === undefined) return sound ? { days: new Set(numbers) } : 'wrong';
  if (from === undefined || to === undefined) {
    tell(path, 'hours need both from and to');
    return 'wrong';
  }
  const begin = readTimeOfDay(from);
  if (begin === undefined) tell([...path, 'from'], noTime(from));
  const end = readTimeOfDay(to);
  if (end === undefined) tell([...path, 'to'], noTime(to));
  if (!sound || begin === undefined || end === undefined) return 'wrong';
  return { days: new Set(numbers), times: { from: begin, to: end } };
}

function readOverride(override: Override, path: RotaProblem['path'], tell: Tell): ReadOverride | undefined {
  const from = readLocal(override.from);
  if (from === undefined) tell([...path, 'from'], noLocal(override.from));
  const to = readLocal(override.to);
  if (to === undefined) tell([...path, 'to'], noLocal(override.to));
  if (from === undefined || to === undefined) return undefined;
  if (override.to <= override.from) {
    tell([...path, 'to'], `ends at ${override.to}, which is not after ${override.from}`);
    return undefined;
  }
  return { person: override.person, from, to };
}

function noDay(text: string): string {
  return `"${text}" is no day; write it as 2026-01-05`;
}

function noTime(text: string): string {
  return `"${text}" is no time of day; write it as 09:00`;
}

function noLocal(text: string): string {
  return `"${text}" is no local time; write it as 2026-12-24T18:00`;
}
