import type { Malformed } from './lines.ts';
import { decimal, lines } from './lines.ts';

/** One line of /etc/passwd: passwd(5). Names are raw bytes. */
export interface Account {
  readonly name: Buffer;
  /** Anything but `x`, `*` or `!` here is a password hash, or no password at all when empty. */
  readonly password: Buffer;
  readonly uid: number;
  readonly gid: number;
  readonly comment: Buffer;
  readonly home: Buffer;
  readonly shell: Buffer;
}

/** The accounts of a passwd file; comments and blank lines are skipped, `+` lines of NIS are malformed. */
export function* parsePasswd(bytes: Buffer): Generator<Account | Malformed> {
  for (const line of lines(bytes)) {
    if (line.bytes.length === 0 || line.bytes[0] === 0x23) continue;
    const [name, password, uid, gid, comment, home, shell, ...more] = line.bytes
      .toString('latin1')
      .split(':')
      .map((field) => Buffer.from(field, 'latin1'));
    const ids = { uid: decimal(uid?.toString('latin1')), gid: decimal(gid?.toString('latin1')) };
    if (!name || !password || !comment || !home || !shell || more.length > 0) {
      yield { malformed: 'not seven fields', offset: line.offset };
    } else if (ids.uid === undefined || ids.gid === undefined) {
      yield { malformed: 'uid or gid is no number', offset: line.offset };
    } else {
      yield { name, password, uid: ids.uid, gid: ids.gid, comment, home, shell };
    }
  }
}
