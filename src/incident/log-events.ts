import type { AuditRecord } from '../artifacts/audit.ts';
import type { ContainerLogLine } from '../artifacts/container-log.ts';
import type { JournalEntry } from '../artifacts/journal.ts';
import { decimal } from '../artifacts/lines.ts';
import type { SyslogLine } from '../artifacts/syslog.ts';
import { withYear } from './clock.ts';
import { type EventPlace, messageText, named, type TimelineEvent } from './event.ts';

const recorded = 'Recorded Time';

/** A line of a system log. One without year and zone gets the year before its collection, and UTC; it says so. */
export function* syslogEvents(line: SyslogLine, place: EventPlace): Generator<TimelineEvent> {
  const time = line.time ?? withYear(line.written, place.collected);
  const { program, pid } = line;
  yield {
    time: time ?? line.written,
    ...(line.time === undefined ? { assumed: 'year and zone' } : {}),
    source: 'syslog',
    what: recorded,
    dataType: 'syslog:line',
    message: from(program, pid, line.message),
    ...(place.node === undefined ? {} : { node: place.node }),
    ...(pid === undefined ? {} : { pid }),
  };
}

export function* journalEvents({ time, fields }: JournalEntry, place: EventPlace): Generator<TimelineEvent> {
  const field = (name: string): Buffer | undefined => fields.find(([one]) => one === name)?.[1];
  const pid = decimal(field('_PID')?.toString('latin1', 0, 20));
  const sender = field('SYSLOG_IDENTIFIER') ?? field('_COMM') ?? field('_TRANSPORT') ?? Buffer.alloc(0);
  yield {
    time,
    source: 'journal',
    what: recorded,
    dataType: 'systemd:journal',
    message: from(sender, pid, field('MESSAGE') ?? Buffer.alloc(0)),
    ...(place.node === undefined ? {} : { node: place.node }),
    ...(pid === undefined ? {} : { pid }),
    ...named('path', field('_EXE')),
  };
}

/** A record of the kernel's audit trail; the user is the account that it names. */
export function* auditEvents(
  { type, time, serial, fields }: AuditRecord,
  place: EventPlace,
): Generator<TimelineEvent> {
  const pid = decimal(fields.get('pid')?.toString('latin1', 0, 20));
  const said = [...fields].flatMap(([name, value]) => [Buffer.from(` ${name}=`), value]);
  yield {
    time,
    source: 'audit',
    what: recorded,
    dataType: 'selinux:line',
    message: messageText(Buffer.concat([Buffer.from(`${type} ${serial}:`), ...said])),
    ...(place.node === undefined ? {} : { node: place.node }),
    ...(pid === undefined ? {} : { pid }),
    ...named('path', fields.get('exe')),
    ...named('user', fields.get('acct')),
  };
}

export function podLogEvents(line: ContainerLogLine, place: EventPlace): TimelineEvent[] {
  return [podLog(line, place, 'cri:container:log:entry')];
}

export function dockerLogEvents(line: ContainerLogLine, place: EventPlace): TimelineEvent[] {
  return [podLog(line, place, 'docker:container:log:entry')];
}

function podLog(
  { time, stream, message }: ContainerLogLine,
  place: EventPlace,
  dataType: string,
): TimelineEvent {
  return {
    time,
    source: 'podlog',
    what: recorded,
    dataType,
    message: `${stream}: ${messageText(message)}`,
    ...(place.node === undefined ? {} : { node: place.node }),
    ...(place.pod === undefined ? {} : { pod: place.pod }),
    ...(place.container === undefined ? {} : { container: place.container }),
  };
}

function from(program: Buffer, pid: number | undefined, message: Buffer): string {
  const number = pid === undefined ? '' : `[${pid}]`;
  return `${program.length === 0 ? '-' : messageText(program)}${number}: ${messageText(message)}`;
}
