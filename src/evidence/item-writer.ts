import { createHash, type Hash } from 'node:crypto';
import type { ItemEnd, ItemHeader } from '../artifacts/item.ts';
import { formatCount } from '../output/count.ts';
import { OperationError, PartialError } from '../output/errors.ts';
import { isNoRoom } from './durable-file.ts';
import { describeItem, tarEntry, type ItemRecord } from './item-record.ts';
import { ItemTally } from './item-tally.ts';
import { ItemsFile } from './items-file.ts';
import { MemberNames, safeMemberName } from './member-name.ts';
import type { Reserve, Storage } from './reserve.ts';
import { pieceSize, TarFile } from './tar-file.ts';

/** What is known of an item beside its header. */
export interface ItemFacts {
  readonly source: string;
  readonly sensitive: boolean;
  /** RFC 3339. */
  readonly collected: string;
}

const lostDetail = 'it could not be written on the responder';

interface OpenItem {
  readonly record: Omit<ItemRecord, 'outcome' | 'size'>;
  readonly hash: Hash;
  size: number;
}

/**
 * Writes items into a tar while they arrive, and a line of items.jsonl at the end of each. When the disk is full the
 * item in progress keeps what came; `begin` and `write` throw PartialError from then on, `end` and `close` still work.
 */
export class ItemWriter {
  readonly tally = new ItemTally();
  readonly #dir: string;
  readonly #reserve: Reserve;
  readonly #tar: TarFile;
  readonly #items: ItemsFile;
  readonly #names = new MemberNames();
  #item: OpenItem | undefined;
  /** End of the last complete item in the tar. */
  #complete = 0;
  #closing = false;
  #failure: Error | undefined;

  /** `dir` is for messages. */
  constructor(dir: string, tar: Storage, items: Storage, reserve: Reserve) {
    this.#dir = dir;
    this.#reserve = reserve;
    this.#tar = new TarFile(tar, reserve);
    this.#items = new ItemsFile(items, reserve);
  }

  /** True between `begin` and `end`. */
  get busy(): boolean {
    return this.#item !== undefined;
  }

  /** True once the disk was found full. */
  get full(): boolean {
    return this.#reserve.givenUp;
  }

  /** `last` lets a closing record in although the disk is full. */
  async begin(header: ItemHeader, facts: ItemFacts, last = false): Promise<void> {
    if (this.#item !== undefined) throw new Error('an item was begun before the one before it had ended');
    this.#closing = last;
    this.#refuseWhenFull();
    const name = this.#names.claim(safeMemberName(header.name), header.type === 'directory');
    const record = describeItem(header, { ...facts, item: this.tally.count + 1, name });
    await this.#guard(() => this.#tar.begin(tarEntry({ ...record, size: 0 })));
    this.#item = { record, hash: createHash('sha256'), size: 0 };
  }

  async write(chunk: Buffer): Promise<void> {
    const item = this.#item;
    if (item === undefined) throw this.#failure ?? new Error('data came outside of an item');
    for (let at = 0; at < chunk.length; at += pieceSize) {
      const piece = chunk.subarray(at, at + pieceSize);
      this.#refuseWhenFull();
      const written = this.#guard(() => this.#tar.write(piece));
      // While it is on its way to the disk.
      item.hash.update(piece);
      await written;
      item.size += piece.length;
      this.#refuseWhenFull();
    }
  }

  /** Ends the item. One of which nothing came, and which is not `ok`, has a line but no member in the tar. */
  async end(end: ItemEnd): Promise<ItemRecord> {
    const item = this.#item;
    if (item === undefined) throw this.#failure ?? new Error('an item ended that was not begun');
    const short = end.outcome === 'ok' && end.length !== item.size;
    const outcome = short ? 'truncated' : end.outcome;
    const detail = short ? `${formatCount(end.length, 'byte')} announced, ${item.size} came` : end.detail;
    const empty = outcome !== 'ok' && item.size === 0;
    const offset = await this.#guard(() => (empty ? this.#discard() : this.#tar.end()));
    const record: ItemRecord = {
      ...item.record,
      outcome,
      ...(detail === undefined ? {} : { detail }),
      size: item.size,
      ...(item.record.type === 'file' && offset !== undefined ? { sha256: item.hash.digest('hex') } : {}),
      ...(offset === undefined ? {} : { offset }),
    };
    await this.#guard(() => this.#items.append(record));
    this.#item = undefined;
    this.#complete = this.#tar.size;
    this.tally.add(record);
    return record;
  }

  /** Ends tar and items file, on disk. An item still open must be ended before. */
  async close(): Promise<{ readonly tarSize: number; readonly itemsSha256: string }> {
    const [tar, items] = await Promise.allSettled([this.#tar.close(), this.#items.close()]);
    if (tar.status === 'rejected') throw tar.reason;
    if (items.status === 'rejected') throw items.reason;
    return { tarSize: this.#tar.size, itemsSha256: items.value };
  }

  async #discard(): Promise<undefined> {
    await this.#tar.discard();
  }

  #refuseWhenFull(): void {
    if (this.full && !this.#closing) throw this.#noRoom();
  }

  /** After a failed write the tar ends at the last complete item again, and the item in progress has a line only. */
  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const lost = this.#item?.record;
      this.#item = undefined;
      this.#failure = isNoRoom(error) ? this.#noRoom(error) : this.#diskError(error);
      await this.#tar.cut(this.#complete);
      if (lost !== undefined)
        await this.#loseItem({ ...lost, outcome: 'truncated', detail: lostDetail, size: 0 });
      throw this.#failure;
    }
  }

  async #loseItem(record: ItemRecord): Promise<void> {
    await this.#items.append(record).then(
      () => this.tally.add(record),
      () => undefined,
    );
  }

  #diskError(cause: unknown): OperationError {
    return new OperationError(`cannot write evidence into ${this.#dir}`, {
      advice: 'check the disk; what came before is kept in the case',
      cause,
    });
  }

  #noRoom(cause?: unknown): PartialError {
    return new PartialError(
      `no space left on this machine for evidence in ${this.#dir}; what came before (${formatCount(this.tally.count, 'item')}) is kept, marked partial`,
      { advice: 'free some space, or go on with --case on another disk', cause },
    );
  }
}
