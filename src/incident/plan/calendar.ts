import ICAL from 'ical.js';
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { calendarZones, type ZoneOf } from './calendar-zone.ts';
import { momentAt } from './local-time.ts';
import type { Person } from './plan.ts';
import type { Shift } from './shift.ts';
import type { RotaCalendar } from './shifts.ts';
import { personNamed } from './summary.ts';

/** What a calendar is read for: local times without a zone are of `zone`, and only events that touch the time count. */
export interface CalendarAsk {
  readonly zone: string;
  readonly people: readonly Person[];
  readonly from: number;
  readonly to: number;
}

/** Most events of one file, and most of them that repeat. */
const mostEvents = 5000;
const mostRules = 200;
/** A rule that repeats this often or at this distance is no rota; rules that ask for times of day multiply without end. */
const mostOccurrences = 4000;
const longestInterval = 1000;
const longestRule = 500;
const ruleParts = /^(?:FREQ|INTERVAL|COUNT|UNTIL|WKST|BYDAY|BYMONTH|BYMONTHDAY|BYSETPOS|BYWEEKNO|BYYEARDAY)$/;
const frequencies = /^(?:DAILY|WEEKLY|MONTHLY|YEARLY)$/;

interface Event {
  readonly uid: string;
  readonly summary: string;
  readonly start: Temporal.ZonedDateTime;
  readonly end: Temporal.ZonedDateTime;
  readonly rules: readonly string[];
  readonly also: readonly Temporal.ZonedDateTime[];
  readonly not: readonly Temporal.ZonedDateTime[];
  /** The occurrence that this event stands in place of. */
  readonly replaces?: number;
  readonly cancelled: boolean;
}

/**
 * Events of an iCalendar text (RFC 5545) as claims of people on time. Rules repeat on local clocks and an occurrence ends at
 * the local time that the first one does, as calendars show it. A zone's name goes before a VTIMEZONE of the same name,
 * and Windows' names are known. Whatever cannot be read is left out and told. Bounded in events, rules and repetitions.
 */
export function readCalendar(text: string, ask: CalendarAsk): RotaCalendar {
  const { from, to } = ask;
  const problems: string[] = [];
  const calendars = parse(text, problems);
  const events: Event[] = [];
  let rules = 0;
  for (const component of calendars.flatMap((calendar) => calendar.getAllSubcomponents('vevent'))) {
    if (events.length >= mostEvents) {
      problems.push(`has more than ${mostEvents} events; those behind them were left out`);
      break;
    }
    try {
      const event = readEvent(component, zonesOf(component, ask.zone));
      rules += event.rules.length;
      if (rules > mostRules) throw new RangeError(`is one of more than ${mostRules} events that repeat`);
      events.push(event);
    } catch (error) {
      problems.push(`event "${nameOf(component)}" ${reasonOf(error)}; it was left out`);
    }
  }
  const replaced = new Set(
    events.flatMap(({ uid, replaces }) => (replaces === undefined ? [] : [`${uid}\n${replaces}`])),
  );
  const claims: Shift[] = [];
  for (const event of events) {
    if (event.cancelled) continue;
    const person = personNamed(event.summary, ask.people);
    try {
      for (const span of occurrences(event, ask))
        if (event.replaces !== undefined || !replaced.has(`${event.uid}\n${span.from}`))
          claims.push({ person, ...span });
    } catch (error) {
      problems.push(`event "${event.summary}" ${reasonOf(error)}; it was left out`);
    }
  }
  const touching = claims.filter((claim) => claim.from < to && claim.to > from && claim.from < claim.to);
  return { from, to, claims: touching.sort((a, b) => a.from - b.from), problems };
}

function parse(text: string, problems: string[]): ICAL.Component[] {
  try {
    const parsed = ICAL.parse(text) as unknown[];
    const list = typeof parsed[0] === 'string' ? [parsed] : (parsed as unknown[][]);
    const calendars = list.map((one) => new ICAL.Component(one)).filter(({ name }) => name === 'vcalendar');
    if (calendars.length === 0) problems.push('holds no calendar; it does not begin with BEGIN:VCALENDAR');
    return calendars;
  } catch (error) {
    problems.push(`cannot be read as iCalendar: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

function zonesOf(event: ICAL.Component, zone: string): ZoneOf {
  const zones = event.parent.getAllSubcomponents('vtimezone');
  return calendarZones(
    zone,
    zones.map((one) => ({ id: textOf(one, 'tzid'), location: textOf(one, 'x-lic-location') })),
  );
}

function readEvent(event: ICAL.Component, zoneOf: ZoneOf): Event {
  const start = times(event, 'dtstart', zoneOf)[0];
  if (start === undefined) throw new RangeError('has no beginning');
  if (start.year < 1970) throw new RangeError('begins before 1970');
  const replaces = event.getFirstProperty('recurrence-id');
  if (replaces?.getFirstParameter('range') === 'THISANDFUTURE')
    throw new RangeError('changes all later repetitions at once (RANGE=THISANDFUTURE), which is not read');
  const [replaced] = times(event, 'recurrence-id', zoneOf);
  return {
    uid: textOf(event, 'uid'),
    summary: textOf(event, 'summary'),
    start,
    end: endOf(event, start, zoneOf),
    rules: event.getAllProperties('rrule').map(ruleOf),
    also: times(event, 'rdate', zoneOf),
    not: times(event, 'exdate', zoneOf),
    ...(replaced === undefined ? {} : { replaces: replaced.epochMilliseconds }),
    cancelled: textOf(event, 'status').toUpperCase() === 'CANCELLED',
  };
}

/** Without an end, a day for an event of days, and nothing for one of times (RFC 5545, 3.6.1). */
function endOf(event: ICAL.Component, start: Temporal.ZonedDateTime, zoneOf: ZoneOf): Temporal.ZonedDateTime {
  const [end] = times(event, 'dtend', zoneOf);
  if (end !== undefined) return end.withTimeZone(start.timeZoneId);
  const duration = event.getFirstProperty('duration')?.getFirstValue();
  if (duration !== undefined && duration !== null) return start.add(Temporal.Duration.from(String(duration)));
  return event.getFirstProperty('dtstart')?.type === 'date' ? start.add({ days: 1 }) : start;
}

/** All values of a property as moments in the zone that they name; whole days begin at midnight. */
function times(event: ICAL.Component, name: string, zoneOf: ZoneOf): Temporal.ZonedDateTime[] {
  return event.getAllProperties(name).flatMap((property) => {
    const tzid = property.getFirstParameter('tzid') as string | undefined;
    const [, , , ...values] = property.toJSON() as unknown[];
    return values.map((value) => {
      if (typeof value !== 'string') throw new RangeError(`has a ${name} that is no time`);
      const utc = value.endsWith('Z');
      const zone = utc ? 'UTC' : zoneOf(tzid);
      const local = Temporal.PlainDateTime.from(utc ? value.slice(0, -1) : value);
      return Temporal.Instant.fromEpochMilliseconds(momentAt(zone, local)).toZonedDateTimeISO(zone);
    });
  });
}

/** The text of a rule that is worth following. */
function ruleOf(property: ICAL.Property): string {
  const rule = String(property.getFirstValue());
  const parts = new Map(
    rule.split(';').map((part) => {
      const [key = '', value = ''] = part.split('=');
      return [key, value];
    }),
  );
  const strange = [...parts.keys()].find((key) => !ruleParts.test(key));
  if (strange !== undefined) throw new RangeError(`repeats by ${strange}, which is not read`);
  if (!frequencies.test(parts.get('FREQ') ?? '')) throw new RangeError('repeats more often than daily');
  const count = Number(parts.get('COUNT') ?? 1);
  const interval = Number(parts.get('INTERVAL') ?? 1);
  if (!(count >= 1 && count <= mostOccurrences)) throw new RangeError(`repeats ${count} times`);
  if (!(interval >= 1 && interval <= longestInterval) || rule.length > longestRule)
    throw new RangeError(`repeats by a rule that is out of bounds`);
  return rule;
}

function* occurrences(event: Event, { from, to }: CalendarAsk): Generator<{ from: number; to: number }> {
  const { start, end, rules, also, not } = event;
  const length = start.toPlainDateTime().until(end.toPlainDateTime(), { largestUnit: 'day' });
  const endFor = (begin: Temporal.ZonedDateTime): number =>
    momentAt(begin.timeZoneId, begin.toPlainDateTime().add(length));
  if (rules.length === 0 && also.length === 0) {
    yield { from: start.epochMilliseconds, to: end.epochMilliseconds };
    return;
  }
  const except = new Set(not.map(({ epochMilliseconds }) => epochMilliseconds));
  const begins = new Map([start, ...also].map((begin) => [begin.epochMilliseconds, begin]));
  const earliest = new Date(from - (end.epochMilliseconds - start.epochMilliseconds) - 2 * 86_400_000);
  for (const rule of rules) {
    const repeating = new RRuleTemporal({ rruleString: `RRULE:${rule}`, dtstart: start, temporal: Temporal });
    for (const begin of repeating.between(earliest, new Date(to), true))
      begins.set(begin.epochMilliseconds, begin);
  }
  for (const [moment, begin] of begins) if (!except.has(moment)) yield { from: moment, to: endFor(begin) };
}

function textOf(component: ICAL.Component, name: string): string {
  const value = component.getFirstPropertyValue(name);
  return typeof value === 'string' ? value.trim() : '';
}

function nameOf(event: ICAL.Component): string {
  return textOf(event, 'summary').slice(0, 80);
}

/** What libraries and this file throw about an event is RangeError, TypeError or Error with one sentence. */
function reasonOf(error: unknown): string {
  if (error instanceof RangeError && /^(?:has|begins|repeats|changes|is one|names)\b/.test(error.message))
    return error.message;
  return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}
