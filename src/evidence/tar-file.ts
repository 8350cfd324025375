import type { Reserve, Storage } from './reserve.ts';
import { encodeTarHeader, tarEnd, tarPadding, type TarEntry } from './tar-header.ts';

/** Least bytes that are written at a time, but for the end of an entry. */
export const pieceSize = 1024 * 1024;

/**
 * Writes a tar whose entries' sizes are known only at their end: the header is reserved first and rewritten in place.
 * Bytes are collected and written in pieces of at least 1 MiB, and at the end of every entry, so that a killed process leaves
 * every ended entry in the file.
 */
export class TarFile {
  readonly #storage: Storage;
  readonly #reserve: Reserve;
  readonly #buffer = Buffer.allocUnsafe(pieceSize);
  #held = 0;
  #flushed = 0;
  #entry: TarEntry | undefined;
  #start = 0;
  #data = 0;

  constructor(storage: Storage, reserve: Reserve) {
    this.#storage = storage;
    this.#reserve = reserve;
  }

  /** Bytes written so far. */
  get size(): number {
    return this.#flushed + this.#held;
  }

  /** Starts an entry; its `size` is ignored. */
  async begin(entry: TarEntry): Promise<void> {
    this.#start = this.size;
    this.#entry = { ...entry, size: 0 };
    await this.#append(encodeTarHeader(this.#entry));
    this.#data = this.size;
  }

  /** Appends data to the entry; what is as large as the buffer is written as it is. */
  async write(chunk: Buffer): Promise<void> {
    if (chunk.length < pieceSize) return this.#append(chunk);
    await this.#flush();
    await this.#reserve.put(this.#storage, chunk, this.#flushed);
    this.#flushed += chunk.length;
  }

  /** Ends the entry: padding, true length in its header, all of it in the file. Returns where its data starts. */
  async end(): Promise<number> {
    if (this.#entry === undefined) throw new Error('no tar entry is open');
    const size = this.size - this.#data;
    await this.#append(Buffer.alloc(tarPadding(size)));
    const header = encodeTarHeader({ ...this.#entry, size });
    await this.#patch(this.#start, header);
    await this.#flush();
    this.#entry = undefined;
    return this.#data;
  }

  /** Takes the open entry back. */
  async discard(): Promise<void> {
    this.#entry = undefined;
    await this.cut(this.#start);
  }

  /** Cuts the file to `size` bytes; also mends it after a write that failed in the middle. */
  async cut(size: number): Promise<void> {
    this.#held = Math.max(0, size - this.#flushed);
    if (size >= this.#flushed) return;
    await this.#storage.truncate(size);
    this.#flushed = size;
  }

  /** Ends the tar, waits for the disk, closes the file. */
  async close(): Promise<void> {
    try {
      await this.#append(tarEnd);
      await this.#flush();
      await this.#storage.sync();
    } finally {
      await this.#storage.close();
    }
  }

  async #append(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const taken = bytes.copy(this.#buffer, this.#held, at);
      this.#held += taken;
      at += taken;
      if (this.#held === pieceSize) await this.#flush();
    }
  }

  async #flush(): Promise<void> {
    if (this.#held === 0) return;
    await this.#reserve.put(this.#storage, this.#buffer.subarray(0, this.#held), this.#flushed);
    this.#flushed += this.#held;
    this.#held = 0;
  }

  /** Rewrites bytes that may lie in the file, in the buffer, or across both. */
  async #patch(at: number, bytes: Buffer): Promise<void> {
    const inFile = Math.min(bytes.length, Math.max(0, this.#flushed - at));
    if (inFile > 0) await this.#reserve.put(this.#storage, bytes.subarray(0, inFile), at);
    if (inFile < bytes.length) bytes.copy(this.#buffer, at + inFile - this.#flushed, inFile);
  }
}
