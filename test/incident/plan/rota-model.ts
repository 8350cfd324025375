import type { Rota } from '../../../src/incident/plan/rota.ts';

/** The clocks of a zone as Intl.DateTimeFormat shows them, at each minute, some days beyond both ends of a time. */
export interface Clocks {
  /** Minutes since the epoch of the first entry of `labels`. */
  readonly first: number;
  /** What clocks show at each minute, as minutes since 1970-01-01 00:00 on those clocks. */
  readonly labels: Int32Array;
  /** The minute (counted in `labels`) that a local time means. */
  readonly at: (label: number) => number;
}

const marginDays = 8;
const dayMinutes = 1440;
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Looks at the clocks of a zone for some days from a minute since the epoch on. */
export function clocksOf(zone: string, from: number, days: number): Clocks {
  const first = from - marginDays * dayMinutes;
  const show = shower(zone);
  const labels = labelsOf(show, first, (days + 2 * marginDays) * dayMinutes);
  const lowest = (labels[0] ?? 0) - dayMinutes;
  const places = new Int32Array(labels.length + 2 * dayMinutes).fill(-1);
  labels.forEach((label, minute) => {
    if (places[label - lowest] === -1) places[label - lowest] = minute;
  });
  const at = (label: number): number => {
    for (let wanted = label, skipped = 0; ; skipped += 1, wanted -= 1) {
      const before = places[wanted - lowest] ?? -1;
      if (before < 0 && skipped < 3000) continue;
      // A local time that clocks skip: as much later as they skip there.
      if (skipped === 0) return before;
      const last = labels.lastIndexOf(wanted);
      const jump = (labels[last + 1] ?? 0) - wanted - 1;
      return last + 1 + (label + jump - (labels[last + 1] ?? 0));
    }
  };
  return { first, labels, at };
}

/** What clocks show at each minute, asked at every hour, and at every minute of an hour in which they are changed. */
function labelsOf(show: (minute: number) => number, first: number, minutes: number): Int32Array {
  const labels = new Int32Array(minutes);
  for (let hour = 0, shown = show(first); hour < minutes; hour += 60) {
    const next = show(first + hour + 60);
    for (let minute = hour; minute < hour + 60; minute += 1)
      labels[minute] = next === shown + 60 ? shown + minute - hour : show(first + minute);
    shown = next;
  }
  return labels;
}

/** Minutes since the epoch at which clocks of the zone are put forward or back, in some days from one on. */
export function changesOf(zone: string, from: number, days: number): number[] {
  const show = shower(zone);
  const changes: number[] = [];
  for (let day = from, before = show(day); day < from + days * dayMinutes; day += dayMinutes) {
    const after = show(day + dayMinutes);
    changes.push(...changesWithin(show, [day, before], [day + dayMinutes, after]));
    before = after;
  }
  return changes;
}

type Moment = readonly [minute: number, shown: number];

/** The changes between two moments; none where clocks went on as long as the time between them. */
function changesWithin(show: (minute: number) => number, from: Moment, to: Moment): number[] {
  const minutes = to[0] - from[0];
  if (to[1] - from[1] === minutes) return [];
  if (minutes === 1) return [to[0]];
  const minute = from[0] + (minutes >> 1);
  const between: Moment = [minute, show(minute)];
  return [...changesWithin(show, from, between), ...changesWithin(show, between, to)];
}

function shower(zone: string): (minute: number) => number {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (minute) => labelOf(format.format(minute * 60_000).replace(', ', 'T'));
}

/** `2026-01-05T09:00` as minutes since 1970 on the clocks that show it. */
export function labelOf(text: string): number {
  return Date.parse(`${text}Z`) / 60_000;
}

/**
 * Who is on call at each minute from `marginDays` after the first label on, for `days`: paints minute by minute what
 * layers and overrides say one after the other, so that the later one stays.
 */
export function paint(rota: Rota, { labels, at }: Clocks, days: number): (string | undefined)[] {
  const owners: (string | undefined)[] = Array.from({ length: labels.length }, () => undefined);
  const firstDay = Math.floor((labels[0] ?? 0) / dayMinutes) + 3;
  const lastDay = Math.floor((labels.at(-1) ?? 0) / dayMinutes) - 3;
  for (const layer of rota.layers ?? []) {
    const start = labelOf(`${layer.start}T00:00`) / dayMinutes;
    const turns = new Int32Array(labels.length).fill(-1);
    const open = new Uint8Array(labels.length);
    const begun = Math.floor((firstDay - start) / layer.turnDays);
    if (begun >= 0) turns[0] = begun;
    for (let day = firstDay; day <= lastDay; day += 1) {
      const turn = (day - start) / layer.turnDays;
      if (turn >= 0 && Number.isInteger(turn)) turns[at(day * dayMinutes + clock(layer.handover))] = turn;
      const begins = clock(layer.from ?? '00:00');
      const ends = clock(layer.to ?? '00:00');
      const name = weekdays[new Date(day * dayMinutes * 60_000).getUTCDay()] ?? '';
      if (layer.days !== undefined && !layer.days.some((one) => one === name)) continue;
      const until = at((ends > begins ? day : day + 1) * dayMinutes + ends);
      open.fill(1, at(day * dayMinutes + begins), until);
    }
    for (let minute = 0, turn = -1; minute < labels.length; minute += 1) {
      const begins = turns[minute] ?? -1;
      if (begins >= 0) turn = begins;
      if (turn >= 0 && open[minute] === 1) owners[minute] = layer.people[turn % layer.people.length];
    }
  }
  for (const { person, from, to } of rota.overrides ?? []) {
    for (let minute = at(labelOf(from)); minute < at(labelOf(to)); minute += 1) owners[minute] = person;
  }
  return owners.slice(marginDays * dayMinutes, (marginDays + days) * dayMinutes);
}

function clock(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}
