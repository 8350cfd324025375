import { formatCount } from '../output/count.ts';
import type { Malformed } from './lines.ts';
import type { RandomAccess } from './random-access.ts';
import { accessTo } from './random-access.ts';
import { SqliteImage } from './sqlite-image.ts';
import { parseSqliteRecord, type SqliteValue, varint } from './sqlite-record.ts';

/** One row of a table: its rowid and its columns by name. */
export type SqliteRow = ReadonlyMap<string, SqliteValue>;

/** A table of a database, by its row in `sqlite_schema`. */
interface Table {
  readonly root: number;
  readonly columns: readonly string[];
  /** Index of the column that is another name of the rowid, -1 when there is none. */
  readonly rowid: number;
}

/** A row as it lies in a page. */
interface Cell {
  readonly rowid: bigint;
  readonly payload: Buffer;
}

const leafTable = 0x0d;
const interiorTable = 0x05;
const deepest = 32;
/** Of a table; the statements that are read here are below 1 KiB. */
const longestStatement = 16_384;

/**
 * Read-only view of the ordinary tables of an SQLite 3 database (sqlite.org/fileformat2.html). Nothing of its schema is
 * run, so what a view, a trigger or a generated column says does no harm. Whoever controls the node can have written the
 * file: a page is visited once per table, and what is unsound is left out and counted in `damaged`.
 */
export class SqliteDatabase {
  readonly #image: SqliteImage;
  #damaged = 0;

  /** `wal` is the write-ahead log beside the file: its committed pages count. Undefined when the file is no database. */
  static open(file: RandomAccess, wal: RandomAccess = accessTo(Buffer.alloc(0))): SqliteDatabase | undefined {
    const image = SqliteImage.open(file, wal);
    return image === undefined ? undefined : new SqliteDatabase(image);
  }

  private constructor(image: SqliteImage) {
    this.#image = image;
  }

  /** Pages and rows so far that could not be read. */
  get damaged(): number {
    return this.#damaged;
  }

  /** A record of the damage so far; none when there is none. */
  *leftOut(): Generator<Malformed> {
    if (this.#damaged === 0) return;
    const one = 'page or row of the database is damaged';
    yield {
      malformed: formatCount(this.#damaged, one, 'pages or rows of the database are damaged'),
      offset: 0,
    };
  }

  /** The rows of a table by rising rowid; none when there is no such table. */
  *rows(name: string): Generator<SqliteRow> {
    const table = this.#table(name);
    if (table === undefined) return;
    for (const { rowid, payload } of this.#cells(table.root, table.columns.length)) {
      const values = parseSqliteRecord(payload);
      if (values === undefined) {
        this.#damaged += 1;
        continue;
      }
      yield new Map(
        table.columns.map((column, index) => [
          column,
          index === table.rowid ? rowid : (values[index] ?? null),
        ]),
      );
    }
  }

  #table(name: string): Table | undefined {
    for (const { payload } of this.#cells(1, 0)) {
      const [type, entry, , root, sql] = parseSqliteRecord(payload) ?? [];
      if (type !== 'table' || typeof entry !== 'string' || entry.toLowerCase() !== name.toLowerCase())
        continue;
      if (typeof root === 'bigint' && typeof sql === 'string' && sql.length <= longestStatement)
        return { root: Number(root), ...columnsOf(sql) };
    }
    return undefined;
  }

  /** The cells of a table, of whose rows each has so many columns. */
  *#cells(root: number, columns: number): Generator<Cell> {
    // Cells may share their bytes, so a small file could hold endless rows. One that is no hoax has a byte for each column, and four
    // beside them.
    let budget = 4 * this.#image.size;
    for (const cell of this.#walk(root, new Set(), 0)) {
      budget -= cell.payload.length + columns + 4;
      if (budget < 0) {
        this.#damaged += 1;
        return;
      }
      yield cell;
    }
  }

  *#walk(number: number, visited: Set<number>, depth: number): Generator<Cell> {
    const page = visited.has(number) || depth > deepest ? undefined : this.#image.page(number);
    visited.add(number);
    const start = number === 1 ? 100 : 0;
    const kind = page?.[start];
    if (page === undefined || (kind !== leafTable && kind !== interiorTable)) {
      this.#damaged += 1;
      return;
    }
    const count = page.readUInt16BE(start + 3);
    const cells = start + (kind === leafTable ? 8 : 12);
    for (let index = 0; index < count; index += 1) {
      if (cells + 2 * index + 2 > page.length) {
        this.#damaged += 1;
        return;
      }
      const at = page.readUInt16BE(cells + 2 * index);
      if (kind === interiorTable) {
        if (at + 4 > page.length) this.#damaged += 1;
        else yield* this.#walk(page.readUInt32BE(at), visited, depth + 1);
        continue;
      }
      const cell = this.#cell(page, at);
      if (cell === undefined) this.#damaged += 1;
      else yield cell;
    }
    if (kind === interiorTable) yield* this.#walk(page.readUInt32BE(start + 8), visited, depth + 1);
  }

  #cell(page: Buffer, at: number): Cell | undefined {
    const length = varint(page, at);
    const rowid = length && varint(page, length.next);
    if (length === undefined || rowid === undefined) return undefined;
    const payload = this.#image.payload(page, rowid.next, Number(length.value));
    return payload === undefined ? undefined : { rowid: BigInt.asIntN(64, rowid.value), payload };
  }
}

/** Names of the columns of a CREATE TABLE statement, and which one is an INTEGER PRIMARY KEY. */
function columnsOf(sql: string): { columns: string[]; rowid: number } {
  let body = sql.slice(sql.indexOf('(') + 1, sql.lastIndexOf(')'));
  for (let before = ''; before !== body;) {
    before = body;
    body = body.replace(/\([^()]*\)/g, '');
  }
  const parts = body
    .split(',')
    .map((part) => part.trim())
    .filter((part) => !/^(?:primary|unique|check|foreign|constraint)\b/i.test(part));
  const columns = parts.map((part) => (/^["'`[]?([A-Za-z0-9_]+)/.exec(part)?.[1] ?? '').toLowerCase());
  return { columns, rowid: parts.findIndex((part) => /\binteger\b.*\bprimary\s+key\b/i.test(part)) };
}
