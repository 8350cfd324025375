import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { onDisk } from '../evidence/durable-file.ts';
import { ChangeIndex, type Indexed } from './change-index.ts';
import { isRuntime, timeOf } from './changes.ts';
import type { Change, ChangeKind, Changes } from './pod-diff.ts';
import { rankOf } from './ranking.ts';

/** Changes that are written or read at once. */
const together = 256;
const pageSize = 4096;
/** As in `cannot keep …`. */
const keeping = 'keep in the case what changed';

/**
 * The changes of one container on the responder's disk, in a file that has no name: a million of them need little memory, and nothing of
 * them is left behind. Comes back in the order of rank, then time, then as it was written. Not for two writers at once.
 * Once the disk was full every method throws the OperationError that says so: a log that lost a change shows none.
 */
export class ChangeLog implements Changes {
  readonly #file: FileHandle;
  readonly #places = new ChangeIndex();
  #waiting: string[] = [];
  #end = 0;
  #written = 0;
  #failure: Error | undefined;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Makes the file in `directory`, which is the user's own, and takes its name away again. */
  static async open(directory: string): Promise<ChangeLog> {
    const path = join(directory, `.changes-${randomUUID()}`);
    const file = await onDisk(keeping, () => open(path, 'wx+', 0o600));
    await unlink(path);
    return new ChangeLog(file);
  }

  get counts(): Partial<Record<ChangeKind, number>> {
    const counts: Partial<Record<ChangeKind, number>> = {};
    for (const place of this.#places) if (!place.runtime) counts[place.kind] = (counts[place.kind] ?? 0) + 1;
    return counts;
  }

  get runtime(): number {
    let count = 0;
    for (const { runtime } of this.#places) if (runtime) count += 1;
    return count;
  }

  /** Adds a change; its number stands for it in the other methods. */
  async append(change: Change): Promise<number> {
    const number = this.#places.add(this.#placeOf(change));
    await this.#flush(together);
    return number;
  }

  /** Puts another change in the place of one. */
  async replace(number: number, change: Change): Promise<void> {
    this.#places.set(number, this.#placeOf(change));
    await this.#flush(together);
  }

  drop(number: number): void {
    this.#places.drop(number);
  }

  /** One change; throws when it was dropped. */
  async read(number: number): Promise<Change> {
    const place = this.#places.get(number);
    if (place === undefined) throw new Error(`change ${number} is not there any more`);
    await this.#flush(1);
    const [change] = await this.#readPlaces([place]);
    if (change === undefined) throw new Error(`change ${number} is not there`);
    return change;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Change, void> {
    await this.#flush(1);
    const numbers = this.#places.order();
    for (let start = 0; start < numbers.length; start += together) {
      const some = [...numbers.subarray(start, start + together)];
      yield* await this.#readPlaces(some.flatMap((number) => this.#places.get(number) ?? []));
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #placeOf(change: Change): Indexed {
    const text = JSON.stringify(change);
    const offset = this.#end;
    const length = Buffer.byteLength(text, 'utf8');
    this.#waiting.push(text);
    this.#end += length;
    const time = Date.parse(timeOf(change));
    return {
      offset,
      length,
      rank: rankOf(change),
      time: Number.isNaN(time) ? Infinity : time,
      kind: change.change,
      runtime: isRuntime(change),
    };
  }

  async #flush(atLeast: number): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#waiting.length < atLeast) return;
    const bytes = Buffer.from(this.#waiting.join(''), 'utf8');
    this.#waiting = [];
    const at = this.#written;
    this.#written += bytes.length;
    try {
      await onDisk(keeping, () => this.#writeAll(bytes, at));
    } catch (error) {
      if (error instanceof Error) this.#failure = error;
      throw error;
    }
  }

  async #writeAll(bytes: Buffer, at: number): Promise<void> {
    for (let done = 0; done < bytes.length;)
      done += (await this.#file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  }

  /** In their order; what lies near each other on disk is read at once. */
  async #readPlaces(places: readonly Indexed[]): Promise<Change[]> {
    const found = new Map<Indexed, Change>();
    for (const run of runsOf(places)) {
      const [start, end] = [run[0]?.offset ?? 0, endOf(run.at(-1))];
      const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(end - start), 0, end - start, start);
      if (bytesRead !== end - start) throw new Error('a change was cut on disk');
      for (const place of run) {
        const text = buffer.toString('utf8', place.offset - start, endOf(place) - start);
        found.set(place, JSON.parse(text) as Change);
      }
    }
    return places.flatMap((place) => found.get(place) ?? []);
  }
}

/** The places in the order of the disk, in runs without a gap that is larger than a page. */
function runsOf(places: readonly Indexed[]): Indexed[][] {
  const runs: Indexed[][] = [];
  let end = -Infinity;
  for (const place of places.toSorted((a, b) => a.offset - b.offset)) {
    if (place.offset - end > pageSize) runs.push([]);
    runs.at(-1)?.push(place);
    end = endOf(place);
  }
  return runs;
}

function endOf(place: Indexed | undefined): number {
  return place === undefined ? 0 : place.offset + place.length;
}

/** Where the changes of a diff lie while it is shown: files without names. Lent by `withDiffSpool`. */
export class DiffSpool {
  readonly #logs: ChangeLog[] = [];

  /** An empty log, for one container, in a directory of the user's. */
  async log(directory: string): Promise<ChangeLog> {
    const log = await ChangeLog.open(directory);
    this.#logs.push(log);
    return log;
  }

  async close(): Promise<void> {
    for (const log of this.#logs.splice(0)) await log.close();
  }
}

/** Lends a spool; what was found with it can't be read any more afterwards, its summaries can. */
export async function withDiffSpool<T>(use: (spool: DiffSpool) => Promise<T>): Promise<T> {
  const spool = new DiffSpool();
  try {
    return await use(spool);
  } finally {
    await spool.close();
  }
}
