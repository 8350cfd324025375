import type { ItemEnd, ItemHeader, ItemSink } from '../artifacts/item.ts';

/** One item as it was passed on, kept in memory. */
export interface Captured {
  readonly header: ItemHeader;
  readonly end: ItemEnd;
  /** Undefined when the item was larger than what was left of the limit. */
  readonly bytes: Buffer | undefined;
}

/**
 * Passes items on to the evidence and keeps those of the listed artifacts for parsing. `limit` bounds the bytes that are kept, of all
 * items together; what does not fit is in the evidence all the same.
 */
export class Capture implements ItemSink {
  readonly #next: ItemSink;
  readonly #artifacts: ReadonlySet<string>;
  readonly #items = new Map<string, Captured>();
  #left: number;
  #header: ItemHeader | undefined;
  #chunks: Buffer[] | undefined;

  constructor(next: ItemSink, artifacts: ReadonlySet<string>, limit: number) {
    this.#next = next;
    this.#artifacts = artifacts;
    this.#left = limit;
  }

  /** By name in the tar, one byte per character. */
  get items(): ReadonlyMap<string, Captured> {
    return this.#items;
  }

  async begin(header: ItemHeader): Promise<void> {
    this.#header = header;
    this.#chunks = this.#artifacts.has(header.artifact) ? [] : undefined;
    await this.#next.begin(header);
  }

  async write(chunk: Buffer): Promise<void> {
    if (this.#chunks !== undefined) {
      this.#left -= chunk.length;
      if (this.#left < 0) this.#chunks = undefined;
      else this.#chunks.push(Buffer.from(chunk));
    }
    await this.#next.write(chunk);
  }

  async end(end: ItemEnd): Promise<void> {
    const header = this.#header;
    if (header !== undefined && this.#artifacts.has(header.artifact))
      this.#items.set(header.name.toString('latin1'), {
        header,
        end,
        bytes: this.#chunks === undefined ? undefined : Buffer.concat(this.#chunks),
      });
    this.#chunks = undefined;
    await this.#next.end(end);
  }

  /** Bytes of the whole items, by their names. */
  all(): Map<string, Buffer> {
    const found = new Map<string, Buffer>();
    for (const [name, { end, bytes }] of this.#items)
      if (end.outcome === 'ok' && bytes !== undefined) found.set(name, bytes);
    return found;
  }

  /** Bytes of the whole items below a directory, by the rest of their names. */
  complete(directory: string): Map<string, Buffer> {
    const below = [...this.all()].filter(([name]) => name.startsWith(`${directory}/`));
    return new Map(below.map(([name, bytes]) => [name.slice(directory.length + 1), bytes]));
  }
}
