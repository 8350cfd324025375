import { utcText } from './instant.ts';
import { type Malformed, lines } from './lines.ts';

/** One line of a log of rsyslog, syslog-ng or busybox. */
export interface SyslogLine {
  /** As written; the old form has neither year nor zone. */
  readonly written: string;
  /** RFC 3339 in UTC, when what is written tells it. */
  readonly time?: string;
  readonly host: Buffer;
  readonly program: Buffer;
  readonly pid?: number;
  readonly message: Buffer;
}

const old = /^(?:<[0-9]{1,3}>)?([A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}) (\S+) (.*)$/s;
const exact = /^(?:<[0-9]{1,3}>)?([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,18}(?:Z|[+-][0-9:]{5})) (\S+) (.*)$/s;
const rfc5424 = /^<[0-9]{1,3}>1 ([0-9T:.Z+-]+) (\S+) (\S+) (\S+) \S+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) ?(.*)$/s;
const sender = /^([^:[\]\s]{1,64})(?:\[([0-9]{1,10})\])?: ?(.*)$/s;

/**
 * The lines of a file, in the forms of RFC 3164 (`Nov 22 04:15:00 HOST PROGRAM[PID]: …`), of RFC 3164 with the time of
 * RFC 3339, and of RFC 5424. A line without a program has an empty one.
 */
export function* parseSyslog(bytes: Buffer): Generator<SyslogLine | Malformed> {
  for (const { bytes: line, offset } of lines(bytes)) {
    yield readLine(line.toString('latin1')) ?? { malformed: 'no line of a system log', offset };
  }
}

function readLine(text: string): SyslogLine | undefined {
  const structured = text.startsWith('<') ? rfc5424.exec(text) : null;
  if (structured !== null) {
    const [, written = '', host = '', program = '', pid = '', message = ''] = structured;
    return record(written, host, program === '-' ? '' : program, pid, message);
  }
  const match = old.exec(text) ?? exact.exec(text);
  if (match === null) return undefined;
  const [, written = '', host = '', rest = ''] = match;
  const [, program = '', pid, message = rest] = sender.exec(rest) ?? [];
  return record(written, host, program, pid, message);
}

function record(
  written: string,
  host: string,
  program: string,
  pid: string | undefined,
  message: string,
): SyslogLine {
  const time = utcText(written);
  const number = pid === undefined || !/^[0-9]+$/.test(pid) ? undefined : Number(pid);
  return {
    written,
    ...(time === undefined ? {} : { time }),
    host: Buffer.from(host, 'latin1'),
    program: Buffer.from(program, 'latin1'),
    ...(number === undefined ? {} : { pid: number }),
    message: Buffer.from(message, 'latin1'),
  };
}
