import type { TimelineEvent } from './event.ts';
import { microseconds, momentKey } from './moment.ts';
import type { Merged } from './merged.ts';

/** Fields of an event in the order of the columns of CSV; one type each, none with a name that Timesketch keeps for itself. */
export const timesketchFields = [
  'message',
  'timestamp',
  'datetime',
  'timestamp_desc',
  'data_type',
  'source_short',
  'hostname',
  'pod',
  'container',
  'pid',
  'filename',
  'username',
  'mode',
  'size',
  'time_as_written',
  'time_assumed',
  'count',
  'acquisition',
  'item',
  'seen_in',
] as const;

type Field = (typeof timesketchFields)[number];

/** Values of the fields; what is not known is undefined, which JSON leaves out. */
export type TimesketchEvent = Readonly<Record<Field, string | number | undefined>>;

/**
 * True when Timesketch can take the time: its reader of CSV knows times of 64-bit nanoseconds only, from 1677 to 2262
 * (pandas `Timestamp.min`, `Timestamp.max`), and drops others.
 */
export function fitsTimesketch({ time }: TimelineEvent): boolean {
  return time >= '1678' && time < '2262';
}

/**
 * An event as Timesketch imports it (docs/guides/user/import-from-json-csv.md): `message`, `datetime` as ISO 8601 with its
 * zone, `timestamp` as the same microseconds, `timestamp_desc`. Every time has six digits: pandas takes the form of the
 * first for that of all.
 */
export function timesketchEvent({ event, evidence, seen, count }: Merged): TimesketchEvent {
  const [first] = evidence;
  return {
    message: count === 1 ? event.message : `${event.message} (${count} times)`,
    timestamp: microseconds(event.time),
    datetime: `${momentKey(event.time).slice(0, 26)}+00:00`,
    timestamp_desc: event.what,
    data_type: event.dataType,
    source_short: event.source,
    hostname: event.node,
    pod: event.pod,
    container: event.container,
    pid: event.pid,
    filename: event.path,
    username: event.user,
    mode: event.file?.mode,
    size: event.file?.size,
    time_as_written: event.written,
    time_assumed: event.assumed,
    count,
    acquisition: first?.acquisition,
    item: first?.name,
    seen_in: seen,
  };
}

/** A row of CSV (RFC 4180) with the values of an event, or, without one, with the names of its columns. Ends with CR LF. */
export function timesketchRow(merged?: Merged): string {
  const event = merged && timesketchEvent(merged);
  const cells = timesketchFields.map((name) => cell(event === undefined ? name : event[name]));
  return `${cells.join(',')}\r\n`;
}

/** What a spreadsheet would take for a formula gets an apostrophe before it: the text may be an attacker's. */
function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n;]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
