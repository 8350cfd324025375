import type { RandomAccess } from './random-access.ts';

const magic = Buffer.from('SQLite format 3\0', 'latin1');
/** No row of a database that is read here comes near it; of a hostile file it is no longer than the file. */
const longestPayload = 64 * 1024 * 1024;
const walHeaderBytes = 32;
const frameHeaderBytes = 24;

/** The pages of an SQLite database with those of its write-ahead log put over them (sqlite.org/fileformat2.html, 1 and 4). */
export class SqliteImage {
  readonly #file: RandomAccess;
  readonly #wal: RandomAccess;
  readonly #pageSize: number;
  readonly #usable: number;
  /** Offset in the log of the last committed copy of a page. */
  readonly #logged: ReadonlyMap<number, number>;

  /** Undefined when the file is no database. */
  static open(file: RandomAccess, wal: RandomAccess): SqliteImage | undefined {
    const head = file.read(0, 100);
    if (head.length < 100 || !head.subarray(0, 16).equals(magic)) return undefined;
    const size = head.readUInt16BE(16);
    const pageSize = size === 1 ? 65_536 : size;
    const usable = pageSize - (head[20] ?? 0);
    if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0 || usable < 480) return undefined;
    return new SqliteImage(file, wal, pageSize, usable);
  }

  private constructor(file: RandomAccess, wal: RandomAccess, pageSize: number, usable: number) {
    this.#file = file;
    this.#wal = wal;
    this.#pageSize = pageSize;
    this.#usable = usable;
    this.#logged = committedPages(wal, pageSize);
  }

  /** Bytes of the file and its log. */
  get size(): number {
    return this.#file.size + this.#wal.size;
  }

  /** A page by its number from 1, without its reserved end; undefined when it is not there. */
  page(number: number): Buffer | undefined {
    const logged = this.#logged.get(number);
    const page =
      logged === undefined
        ? this.#file.read((number - 1) * this.#pageSize, this.#pageSize)
        : this.#wal.read(logged, this.#pageSize);
    return number < 1 || page.length < this.#pageSize ? undefined : page.subarray(0, this.#usable);
  }

  /** The payload of a cell of a table's leaf, with its overflow pages; undefined when it is not whole. */
  payload(page: Buffer, at: number, length: number): Buffer | undefined {
    if (length > Math.min(longestPayload, this.size)) return undefined;
    const most = this.#usable - 35;
    if (length <= most) return at + length > page.length ? undefined : page.subarray(at, at + length);
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
    const wanted = least + ((length - least) % (this.#usable - 4));
    const local = wanted <= most ? wanted : least;
    if (at + local + 4 > page.length) return undefined;
    const pieces = [page.subarray(at, at + local)];
    let next = page.readUInt32BE(at + local);
    for (let left = length - local; left > 0;) {
      const overflow = next === 0 ? undefined : this.page(next);
      if (overflow === undefined) return undefined;
      const piece = overflow.subarray(4, 4 + left);
      pieces.push(piece);
      left -= piece.length;
      next = overflow.readUInt32BE(0);
    }
    return Buffer.concat(pieces);
  }
}

/** The last committed copy of each page: a commit frame says the size of the database, and salts are those of the header. */
function committedPages(wal: RandomAccess, pageSize: number): ReadonlyMap<number, number> {
  const committed = new Map<number, number>();
  const header = wal.read(0, walHeaderBytes);
  if (header.length < walHeaderBytes || header.readUInt32BE(0) >>> 1 !== 0x377f0682 >>> 1) return committed;
  if (header.readUInt32BE(8) !== pageSize) return committed;
  const salts = header.subarray(16, 24);
  const pending = new Map<number, number>();
  for (let at = walHeaderBytes; ; at += frameHeaderBytes + pageSize) {
    const frame = wal.read(at, frameHeaderBytes);
    if (at + frameHeaderBytes + pageSize > wal.size || !frame.subarray(8, 16).equals(salts)) return committed;
    pending.set(frame.readUInt32BE(0), at + frameHeaderBytes);
    if (frame.readUInt32BE(4) === 0) continue;
    for (const [page, offset] of pending) committed.set(page, offset);
    pending.clear();
  }
}
