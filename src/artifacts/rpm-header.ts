/** RPM_*_TYPE that are read here. */
const int32 = 4;
const string = 6;
const stringArray = 8;
const i18nString = 9;
const entryBytes = 16;

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
    if (start + length > blob.length) return undefined;
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

  /** The texts of a tag, raw bytes. */
  texts(tag: number): Buffer[] {
    const entry = this.#entries.get(tag);
    if (entry === undefined || ![string, stringArray, i18nString].includes(entry.type)) return [];
    const found: Buffer[] = [];
    for (let at = entry.offset; found.length < entry.count && at < this.#data.length;) {
      const nul = this.#data.indexOf(0, at);
      if (nul < 0) break;
      found.push(this.#data.subarray(at, nul));
      at = nul + 1;
    }
    return found;
  }

  /** The 32-bit numbers of a tag. */
  numbers(tag: number): number[] {
    const entry = this.#entries.get(tag);
    if (entry?.type !== int32) return [];
    const count = Math.min(entry.count, Math.floor((this.#data.length - entry.offset) / 4));
    return Array.from({ length: count }, (_, index) => this.#data.readUInt32BE(entry.offset + 4 * index));
  }
}
