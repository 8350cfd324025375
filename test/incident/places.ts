import type { EventPlace, TimelineEvent } from '../../src/incident/event.ts';

/** A place of evidence on a node, with one pod whose uid is known. */
export function placeAt(item = '[root]/var/log/syslog', more: Partial<EventPlace> = {}): EventPlace {
  return {
    item,
    collected: '2026-11-22T04:15:00Z',
    node: 'node-a',
    podOf: (uid) => (uid === '9e1b4dcf-ed9c-491d-b81b-747f242e06da' ? 'prod/shop' : undefined),
    ...more,
  };
}

/** An event of a log, with what a test is about. */
export function eventWith(more: Partial<TimelineEvent> = {}): TimelineEvent {
  return {
    time: '2026-11-22T04:15:00Z',
    source: 'syslog',
    what: 'Recorded Time',
    dataType: 'syslog:line',
    message: 'sshd[7]: hello',
    ...more,
  };
}
