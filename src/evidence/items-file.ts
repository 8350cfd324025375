import { createHash } from 'node:crypto';
import { encodeItemRecord, type ItemRecord } from './item-record.ts';
import type { Reserve, Storage } from './reserve.ts';

/** items.jsonl while it is written: one write per line. */
export class ItemsFile {
  readonly #storage: Storage;
  readonly #reserve: Reserve;
  readonly #hash = createHash('sha256');
  #size = 0;

  constructor(storage: Storage, reserve: Reserve) {
    this.#storage = storage;
    this.#reserve = reserve;
  }

  /** Appends a line; one that does not fit is taken back. */
  async append(record: ItemRecord): Promise<void> {
    const line = Buffer.from(encodeItemRecord(record));
    try {
      await this.#reserve.put(this.#storage, line, this.#size);
    } catch (error) {
      await this.#storage.truncate(this.#size);
      throw error;
    }
    this.#hash.update(line);
    this.#size += line.length;
  }

  /** Waits for the disk, closes the file, returns its sha256 in hex. */
  async close(): Promise<string> {
    try {
      await this.#storage.sync();
    } finally {
      await this.#storage.close();
    }
    return this.#hash.digest('hex');
  }
}
