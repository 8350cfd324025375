import { Temporal } from 'temporal-polyfill';

/**
 * The moment, in milliseconds since the epoch, at which clocks of the zone show a local time. One that they skip is as
 * much later as they skip, of one that they show twice the first is meant (RFC 5545, 3.3.5).
 */
export function momentAt(zone: string, local: Temporal.PlainDateTime): number {
  return local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
}

/** What clocks of the zone show at a moment. */
export function localAt(zone: string, moment: number): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone).toPlainDateTime();
}

/** A moment on the clocks of a zone, to the minute: `2026-12-24 18:00`. */
export function localText(zone: string, moment: number): string {
  return localAt(zone, moment).toString({ smallestUnit: 'minute' }).replace('T', ' ');
}

/** True for the name of a time zone that this program's time zone data has; an offset such as `+01:00` is none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** A day such as `2026-02-28`; undefined for other text and for a day that no calendar has. */
export function readDay(text: string): Temporal.PlainDate | undefined {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? attempt(() => Temporal.PlainDate.from(text)) : undefined;
}

/** A time of day from `00:00` to `23:59`; undefined for other text. */
export function readTimeOfDay(text: string): Temporal.PlainTime | undefined {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? Temporal.PlainTime.from(text) : undefined;
}

/** A local time such as `2026-12-24T18:00`; undefined for other text and for a day that no calendar has. */
export function readLocal(text: string): Temporal.PlainDateTime | undefined {
  const day = readDay(text.slice(0, 10));
  const time = text.charAt(10) === 'T' ? readTimeOfDay(text.slice(11)) : undefined;
  return time === undefined ? undefined : day?.toPlainDateTime(time);
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
