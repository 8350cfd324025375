import type { ParserName } from '../artifacts/artifact.ts';
import { terminalLine } from '../output/line.ts';
import type { EventPlace, TimelineEvent } from './event.ts';
import { apiAuditEvents } from './api-events.ts';
import { fileEvents } from './file-events.ts';
import { auditEvents, dockerLogEvents, journalEvents, podLogEvents, syslogEvents } from './log-events.ts';
import { containerEvents } from './container-events.ts';
import {
  lastLogin2Events,
  lastLoginEvents,
  loginEvents,
  loginSpanEvents,
  sessionEvents,
} from './login-events.ts';
import { accountingEvents, commandEvents } from './process-events.ts';

type EventsOf = (record: never, place: EventPlace) => Iterable<TimelineEvent>;

const makers: Partial<Record<ParserName, EventsOf>> = {
  accounting: accountingEvents,
  'api audit': apiAuditEvents,
  audit: auditEvents,
  bodyfile: fileEvents,
  'command history': commandEvents,
  'container log': podLogEvents,
  'containerd database': containerEvents,
  'containerd status': containerEvents,
  'containers storage': containerEvents,
  'cri-o state': containerEvents,
  'docker container': containerEvents,
  'docker log': dockerLogEvents,
  journal: journalEvents,
  'podman bolt database': containerEvents,
  'podman database': containerEvents,
  lastlog: lastLoginEvents,
  lastlog2: lastLogin2Events,
  'login session': sessionEvents,
  syslog: syslogEvents,
  utmp: loginEvents,
  wtmpdb: loginSpanEvents,
};

/** True for formats whose records are events; processes are joined from many files and not among them. */
export function hasEvents(parser: ParserName | undefined): boolean {
  return parser !== undefined && makers[parser] !== undefined;
}

/** The events of a record that the parser gave; none for formats without events. */
export function eventsOfRecord(
  parser: ParserName,
  record: object,
  place: EventPlace,
): Iterable<TimelineEvent> {
  return makers[parser]?.(record as never, place) ?? [];
}

const podLog = /^\[root\]\/var\/log\/pods\/([^/_]+)_([^/_]+)_([^/]+)\/([^/]+)\/[^/]+$/;
const dockerLog = /^\[root\]\/var\/lib\/docker\/containers\/([0-9a-f]{12})[0-9a-f]{52}\//;

/** Pod and container of a container's log by where it lies: `/var/log/pods/NAMESPACE_NAME_UID/CONTAINER/N.log`. */
export function podOfLog(item: string): {
  readonly pod?: string;
  readonly container?: string;
  readonly uid?: string;
} {
  const [, namespace = '', name = '', uid = '', container = ''] = podLog.exec(item) ?? [];
  if (uid !== '')
    return { pod: terminalLine(`${namespace}/${name}`), container: terminalLine(container), uid };
  const [, id] = dockerLog.exec(item) ?? [];
  return id === undefined ? {} : { container: id };
}
