/** Who is on call when: layers that rotate, or a calendar that is kept elsewhere; overrides go before both. */
export interface Rota {
  readonly id: string;
  readonly name: string;
  /** IANA name; all times of day of the rota are of it. */
  readonly timeZone: string;
  /** Each fills its own hours; a later one goes before an earlier one. */
  readonly layers?: readonly Layer[];
  /** An iCalendar file, relative to the plan; the summary of each event is the id or name of a person. */
  readonly calendar?: string;
  readonly overrides?: readonly Override[];
}

/** People in turns of some days, from a first day on. */
export interface Layer {
  /** Ids of people, in the order of their turns. */
  readonly people: readonly string[];
  /** Day of the first hand-over, `2026-01-05`. */
  readonly start: string;
  /** Time of day of each hand-over, `09:00`. */
  readonly handover: string;
  readonly turnDays: number;
  /** Where the layer does not fill the whole week: days and hours of the rota's time zone. */
  readonly days?: readonly Weekday[];
  readonly from?: string;
  readonly to?: string;
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** One person instead of whoever it would be; times are local to the rota, `2026-12-24T18:00`. */
export interface Override {
  readonly person: string;
  readonly from: string;
  readonly to: string;
}
