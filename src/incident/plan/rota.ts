/**
 * Who is on call when: layers that rotate, a calendar that is kept elsewhere, and overrides. Where several name somebody,
 * a later layer goes before an earlier one, the calendar before layers, an override before all, and the last override
 * of several before the others. Local times follow RFC 5545 (3.3.5): one that clocks skip is as much later as they
 * skip, of one that they show twice the first is meant.
 */
export interface Rota {
  readonly id: string;
  readonly name: string;
  /** IANA name; all days and times of day of the rota are of it. */
  readonly timeZone: string;
  readonly layers?: readonly Layer[];
  /** An iCalendar file, relative to the plan; the summary of each event is the id or name of a person. */
  readonly calendar?: string;
  readonly overrides?: readonly Override[];
}

/** People in turns of some calendar days, from a first day on: a turn over a change of clocks is an hour shorter or longer. */
export interface Layer {
  /** Ids of people, in the order of their turns. */
  readonly people: readonly string[];
  /** Day of the first hand-over, `2026-01-05`; the layer names nobody before it. */
  readonly start: string;
  /** Time of day of each hand-over, `09:00`. */
  readonly handover: string;
  /** 1 to 366. */
  readonly turnDays: number;
  /** Where the layer does not fill the whole week: days on which its hours begin. */
  readonly days?: readonly Weekday[];
  /**
   * Hours of such a day, both or none: hours that end at or before the time they begin at go on over midnight, so 22:00
   * to 06:00 of a Friday ends on Saturday, and 17:00 to 17:00 is a day and night. Without them, midnight to midnight.
   */
  readonly from?: string;
  readonly to?: string;
}

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** One person instead of whoever it would be; times are local to the rota, `2026-12-24T18:00`. */
export interface Override {
  readonly person: string;
  readonly from: string;
  readonly to: string;
}
