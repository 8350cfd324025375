import { instantText } from '../artifacts/instant.ts';
import type { LastLogin } from '../artifacts/lastlog.ts';
import type { LastLogin2, LoginSpan } from '../artifacts/login-database.ts';
import type { LoginSession } from '../artifacts/login-session.ts';
import type { LoginRecord } from '../artifacts/utmp.ts';
import { type EventPlace, type EventSource, messageText, named, type TimelineEvent } from './event.ts';

type Text = Buffer | string | undefined;

const words: Readonly<Record<LoginRecord['type'], string>> = {
  empty: 'empty record',
  'run-level': 'run level',
  boot: 'boot',
  'new-time': 'clock set to this',
  'old-time': 'clock set, from this',
  init: 'started by init',
  login: 'waits for a login',
  user: 'login',
  dead: 'session ended',
  accounting: 'accounting',
};

/** A record of utmp, wtmp or btmp; of btmp, where failures are kept, it says so. */
export function* loginEvents(record: LoginRecord, place: EventPlace): Generator<TimelineEvent> {
  const { type, seconds, microseconds, user, line, host, pid } = record;
  if (type === 'empty') return;
  const time = instantText(seconds, microseconds, 6) ?? String(seconds);
  if (type !== 'user' && type !== 'dead' && type !== 'login') {
    // The user of these is a word such as `reboot`, the host the release of the kernel.
    const message = host.length === 0 ? words[type] : `${words[type]}, kernel ${messageText(host)}`;
    yield login(place, 'linux:utmp:event', time, message, undefined, pid);
    return;
  }
  const failed = /\/btmp(?:\.|$)/.test(place.item);
  const message = sentence(failed ? 'failed login' : words[type], user, line, host);
  yield login(place, 'linux:utmp:event', time, message, user, pid);
}

export function* lastLoginEvents(record: LastLogin, place: EventPlace): Generator<TimelineEvent> {
  const { uid, time, line, host } = record;
  const user = `uid ${uid}`;
  const message = sentence('last login', user, line, host);
  yield { ...login(place, 'kubectl-ir:lastlog', time, message, user), what: 'Last Login Time' };
}

export function* lastLogin2Events(record: LastLogin2, place: EventPlace): Generator<TimelineEvent> {
  const { user, time, line, host } = record;
  const message = sentence('last login', user, line, host);
  yield { ...login(place, 'kubectl-ir:lastlog', time, message, user), what: 'Last Login Time' };
}

export function* loginSpanEvents(record: LoginSpan, place: EventPlace): Generator<TimelineEvent> {
  const { type, user, start, end, line, host } = record;
  const word = type === 'user' ? 'login' : type === 'boot' ? 'boot' : 'run level';
  const about = [user, line, host] as const;
  yield { ...login(place, 'kubectl-ir:wtmpdb', start, sentence(word, ...about), user), what: 'Start Time' };
  if (end === undefined) return;
  const over = sentence(type === 'user' ? 'session ended' : `${word} ended`, ...about);
  yield { ...login(place, 'kubectl-ir:wtmpdb', end, over, user), what: 'End Time' };
}

export function* sessionEvents(session: LoginSession, place: EventPlace): Generator<TimelineEvent> {
  const { started, user, uid, tty, remoteHost, leader } = session;
  if (started === undefined) return;
  const who = user ?? (uid === undefined ? undefined : `uid ${uid}`);
  const message = sentence('session started', who, tty, remoteHost);
  yield { ...login(place, 'kubectl-ir:session', started, message, who, leader), what: 'Start Time' };
}

function login(
  { node }: EventPlace,
  dataType: string,
  time: string,
  message: string,
  user: Text,
  pid?: number,
): TimelineEvent {
  const source: EventSource = 'login';
  return {
    time,
    source,
    what: 'Recorded Time',
    dataType,
    message,
    ...(node === undefined ? {} : { node }),
    ...(pid === undefined || pid <= 0 ? {} : { pid }),
    ...named('user', user),
  };
}

function sentence(what: string, user: Text, line: Text, host: Text): string {
  const part = (word: string, text: Text): string =>
    text === undefined || text.length === 0 ? '' : ` ${word} ${messageText(text)}`;
  return `${what}${part('of', user)}${part('on', line)}${part('from', host)}`;
}
