import type { AccountedProcess } from '../artifacts/accounting.ts';
import type { TypedCommand } from '../artifacts/command-history.ts';
import type { RunningProcess } from '../artifacts/joined.ts';
import { type EventPlace, messageText, named, type TimelineEvent } from './event.ts';
import { earlier, isMoment } from './moment.ts';

/** The start of a process that ran when it was looked at. */
export function* processEvents(process: RunningProcess, place: EventPlace): Generator<TimelineEvent> {
  const { pid, started, stat, status, executable, deleted, container } = process;
  if (started === undefined) return;
  const words = Buffer.concat(process.arguments.flatMap((word) => [word, Buffer.from(' ')])).subarray(0, -1);
  const name =
    words.length > 0
      ? words
      : Buffer.concat([Buffer.from('['), stat?.comm ?? Buffer.alloc(0), Buffer.from(']')]);
  const parent = stat === undefined ? '' : `, child of ${stat.ppid}`;
  const runs = deleted ? ', runs a deleted file' : '';
  const pod = container.podUid === undefined ? undefined : place.podOf(container.podUid);
  const uid = status?.uids[0];
  yield {
    time: started,
    source: 'process',
    what: 'Start Time',
    dataType: 'kubectl-ir:process',
    message: `started ${messageText(name)}${uid === undefined ? '' : ` as uid ${uid}`}${parent}${runs}`,
    ...(place.node === undefined ? {} : { node: place.node }),
    ...(pod === undefined ? {} : { pod }),
    ...(container.containerId === undefined ? {} : { container: container.containerId.slice(0, 12) }),
    pid,
    ...named('path', executable),
  };
}

/** Start and end of a program of the process accounting. */
export function* accountingEvents(program: AccountedProcess, { node }: EventPlace): Generator<TimelineEvent> {
  const { started, elapsed, pid, ppid, uid, status, flags } = program;
  const command = messageText(program.command);
  const about = {
    source: 'process',
    dataType: 'kubectl-ir:accounting',
    ...(node === undefined ? {} : { node }),
    pid,
  } as const;
  yield {
    ...about,
    time: started,
    what: 'Start Time',
    message: `started ${command} as uid ${uid}, child of ${ppid}`,
  };
  const ended = isMoment(started) ? earlier(started, -Math.round(elapsed * 10)) : undefined;
  if (ended === undefined) return;
  const ends = flags.length === 0 ? '' : `, ${flags.join(', ')}`;
  yield {
    ...about,
    time: ended,
    what: 'Exit Time',
    message: `ended ${command} with status ${status}${ends}`,
  };
}

/** A command of a shell's history that has a time; the account is that of the home it lies in. */
export function* commandEvents(
  { time, command }: TypedCommand,
  { item, node }: EventPlace,
): Generator<TimelineEvent> {
  if (time === undefined) return;
  const user = /\/([^/]+)\/[^/]+$/.exec(item)?.[1];
  yield {
    time,
    source: 'shell',
    what: 'Recorded Time',
    dataType: 'bash:history:entry',
    message: `typed ${messageText(command)}`,
    ...(node === undefined ? {} : { node }),
    ...(user === undefined ? {} : { user }),
  };
}
