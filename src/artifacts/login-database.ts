import { instantText } from './instant.ts';
import type { Malformed } from './lines.ts';
import { present } from './present.ts';
import type { RandomAccess } from './random-access.ts';
import { SqliteDatabase, type SqliteRow } from './sqlite.ts';

/** When an account was last used, of the newer database. */
export interface LastLogin2 {
  readonly user: string;
  /** RFC 3339 in UTC. */
  readonly time: string;
  readonly line?: string;
  readonly host?: string;
  readonly service?: string;
}

/** A login or boot, of the newer database. */
export interface LoginSpan {
  readonly type: 'boot' | 'run-level' | 'user';
  readonly user: string;
  /** RFC 3339 in UTC with microseconds; `end` is missing while it lasts. */
  readonly start: string;
  readonly end?: string;
  readonly line?: string;
  readonly host?: string;
  readonly service?: string;
}

/** The rows of lastlog2.db: util-linux liblastlog2/src/lastlog2.c, table `Lastlog2`. */
export function* parseLastlog2(file: RandomAccess, wal?: RandomAccess): Generator<LastLogin2 | Malformed> {
  yield* readTable(file, wal, 'Lastlog2', (row) => {
    const user = text(row, 'name');
    const seconds = row.get('time');
    const time = typeof seconds === 'bigint' ? instantText(Number(seconds)) : undefined;
    if (user === undefined || time === undefined) return undefined;
    return {
      user,
      time,
      ...present({ line: text(row, 'tty'), host: text(row, 'remotehost'), service: text(row, 'service') }),
    };
  });
}

const spanTypes: ReadonlyMap<unknown, LoginSpan['type']> = new Map([
  [1n, 'boot'],
  [2n, 'run-level'],
  [3n, 'user'],
]);

/** The rows of wtmp.db: wtmpdb lib/wtmpdb.h and sqlite.c, table `wtmp`; times are microseconds. */
export function* parseWtmpdb(file: RandomAccess, wal?: RandomAccess): Generator<LoginSpan | Malformed> {
  yield* readTable(file, wal, 'wtmp', (row) => {
    const type = spanTypes.get(row.get('type'));
    const user = text(row, 'user');
    const start = micros(row, 'login');
    if (type === undefined || user === undefined || start === undefined) return undefined;
    return {
      type,
      user,
      start,
      ...present({
        end: micros(row, 'logout'),
        line: text(row, 'tty'),
        host: text(row, 'remotehost'),
        service: text(row, 'service'),
      }),
    };
  });
}

function* readTable<T>(
  file: RandomAccess,
  wal: RandomAccess | undefined,
  name: string,
  read: (row: SqliteRow) => T | undefined,
): Generator<T | Malformed> {
  const database = SqliteDatabase.open(file, wal);
  if (database === undefined) {
    yield { malformed: 'no database', offset: 0 };
    return;
  }
  for (const row of database.rows(name)) yield read(row) ?? { malformed: `no row of ${name}`, offset: 0 };
  yield* database.leftOut();
}

function text(row: SqliteRow, column: string): string | undefined {
  const value = row.get(column);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function micros(row: SqliteRow, column: string): string | undefined {
  const value = row.get(column);
  if (typeof value !== 'bigint' || value < 0n || value > 2n ** 53n) return undefined;
  return instantText(Number(value / 1_000_000n), Number(value % 1_000_000n), 6);
}
