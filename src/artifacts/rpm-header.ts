/** RPM_*_TYPE that are read here. */
const int32 = 4;
const string = 6;
const stringArray = 8;
const i18nString = 9;
const entryBytes = 16;
/** HEADER_TAGS_MAX of rpm lib/header.c. */
const mostTags = 0xffff;
/** Of one tag. The packages with the most files have some 100,000; a header of nothing but empty texts would have millions. */
export const mostValues = 2 ** 18;

interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

/** A package's header as rpm stores it: rpm docs/manual/format_header.md. All numbers are big-endian. */
export class RpmHeader {
  readonly #entries: ReadonlyMap<number, Entry>;
  readonly #data: Buffer;

  /** Undefined when the bytes are no header. */
  static read(blob: Buffer): RpmHeader | undefined {
    if (blob.length < 8) return undefined;
    const count = blob.readUInt32BE(0);
    const length = blob.readUInt32BE(4);
    const start = 8 + count * entryBytes;
    if (count > mostTags || start + length > blob.length) return undefined;
    const entries = new Map<number, Entry>();
    for (let index = 0; index < count; index += 1) {
      const at = 8 + index * entryBytes;
      const number = blob.readUInt32BE(at);
      const entry = {
        type: blob.readUInt32BE(at + 4),
        offset: blob.readInt32BE(at + 8),
        count: blob.readUInt32BE(at + 12),
      };
      if (!entries.has(number) && entry.offset >= 0 && entry.offset < length) entries.set(number, entry);
    }
    return new RpmHeader(entries, blob.subarray(start, start + length));
  }

  private constructor(entries: ReadonlyMap<number, Entry>, data: Buffer) {
    this.#entries = entries;
    this.#data = data;
  }

  /** A text that is one line for people; undefined when there is none. */
  text(tag: number): string | undefined {
    return this.texts(tag)[0]?.toString('utf8');
  }

  /** Bytes of all values together. */
  get size(): number {
    return this.#data.length;
  }

  /** How many values the header says that a tag has. */
  count(tag: number): number {
    return this.#entries.get(tag)?.count ?? 0;
  }

  /** The texts of a tag, raw bytes; the first `mostValues`. */
  texts(tag: number): Buffer[] {
    const entry = this.#entries.get(tag);
    if (entry === undefined || ![string, stringArray, i18nString].includes(entry.type)) return [];
    const found: Buffer[] = [];
    const most = Math.min(entry.count, mostValues);
    for (let at = entry.offset; found.length < most && at < this.#data.length;) {
      const nul = this.#data.indexOf(0, at);
      if (nul < 0) break;
      found.push(this.#data.subarray(at, nul));
      at = nul + 1;
    }
    return found;
  }

  /** The 32-bit numbers of a tag; the first `mostValues`. */
  numbers(tag: number): number[] {
    const entry = this.#entries.get(tag);
    if (entry?.type !== int32) return [];
    const held = Math.floor((this.#data.length - entry.offset) / 4);
    const count = Math.min(entry.count, mostValues, held);
    return Array.from({ length: count }, (_, index) => this.#data.readUInt32BE(entry.offset + 4 * index));
  }
}
