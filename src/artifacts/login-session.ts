import { instantText } from './instant.ts';
import { decimal, lines } from './lines.ts';
import { present } from './present.ts';

/** A session that logind keeps: /run/systemd/sessions/ID, systemd src/login/logind-session.c `session_save`. */
export interface LoginSession {
  readonly user?: string;
  readonly uid?: number;
  readonly state?: string;
  readonly remote: boolean;
  readonly remoteHost?: string;
  readonly service?: string;
  readonly tty?: string;
  /** Pid of the process that leads it. */
  readonly leader?: number;
  readonly scope?: string;
  /** Since when, RFC 3339 in UTC with microseconds. */
  readonly started?: string;
}

/** The session of one file, or nothing when it has no line that says whose it is. */
export function* parseLoginSession(bytes: Buffer): Generator<LoginSession> {
  const values = new Map<string, string>();
  for (const line of lines(bytes)) {
    const match = /^([A-Z_]+)=(.*)$/s.exec(line.bytes.toString('utf8'));
    if (match?.[1] !== undefined && !values.has(match[1])) values.set(match[1], match[2] ?? '');
  }
  const uid = decimal(values.get('UID'));
  if (uid === undefined && !values.has('USER')) return;
  const micros = decimal(values.get('REALTIME'));
  yield {
    remote: values.get('REMOTE') === '1',
    ...present({
      user: values.get('USER'),
      uid,
      state: values.get('STATE'),
      remoteHost: values.get('REMOTE_HOST'),
      service: values.get('SERVICE'),
      tty: values.get('TTY'),
      leader: decimal(values.get('LEADER')),
      scope: values.get('SCOPE'),
      started:
        micros === undefined ? undefined : instantText(Math.floor(micros / 1e6), micros % 1_000_000, 6),
    }),
  };
}
