import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isRuntime, timeOf } from './changes.ts';
import type { Change, ChangeKind, Changes } from './pod-diff.ts';
import { rankOf } from './ranking.ts';

/** Changes that are written or read at once. */
const together = 256;
const pageSize = 4096;

interface Place {
  readonly offset: number;
  readonly length: number;
  readonly rank: number;
  /** Milliseconds since the epoch, for the order alone. */
  readonly time: number;
  readonly kind: ChangeKind;
  readonly runtime: boolean;
}

/**
 * The changes of one container on the responder's disk, in a file that has no name: a million of them need little memory, and nothing of
 * them is left behind. Comes back in the order of rank, then time, then as it was written. Not for two writers at once.
 */
export class ChangeLog implements Changes {
  readonly #file: FileHandle;
  readonly #places: (Place | undefined)[] = [];
  #waiting: string[] = [];
  #end = 0;
  #written = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Makes the file in `directory`, which is the user's own, and takes its name away again. */
  static async open(directory: string): Promise<ChangeLog> {
    const path = join(directory, `.changes-${randomUUID()}`);
    const file = await open(path, 'wx+', 0o600);
    await unlink(path);
    return new ChangeLog(file);
  }

  get counts(): Partial<Record<ChangeKind, number>> {
    const counts: Partial<Record<ChangeKind, number>> = {};
    for (const place of this.#places)
      if (place !== undefined && !place.runtime) counts[place.kind] = (counts[place.kind] ?? 0) + 1;
    return counts;
  }

  get runtime(): number {
    return this.#places.filter((place) => place?.runtime === true).length;
  }

  /** Adds a change; its number stands for it in the other methods. */
  async append(change: Change): Promise<number> {
    this.#places.push(this.#placeOf(change));
    await this.#flush(together);
    return this.#places.length - 1;
  }

  /** Puts another change in the place of one. */
  async replace(number: number, change: Change): Promise<void> {
    this.#places[number] = this.#placeOf(change);
    await this.#flush(together);
  }

  drop(number: number): void {
    this.#places[number] = undefined;
  }

  /** One change; throws when it was dropped. */
  async read(number: number): Promise<Change> {
    const place = this.#places[number];
    if (place === undefined) throw new Error(`change ${number} is not there any more`);
    await this.#flush(1);
    const [change] = await this.#readPlaces([place]);
    if (change === undefined) throw new Error(`change ${number} is not there`);
    return change;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Change, void> {
    await this.#flush(1);
    const places = this.#places.filter((place) => place !== undefined);
    places.sort((a, b) => b.rank - a.rank || a.time - b.time || a.offset - b.offset);
    for (let start = 0; start < places.length; start += together)
      yield* await this.#readPlaces(places.slice(start, start + together));
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #placeOf(change: Change): Place {
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
    if (this.#waiting.length < atLeast) return;
    const bytes = Buffer.from(this.#waiting.join(''), 'utf8');
    this.#waiting = [];
    const at = this.#written;
    this.#written += bytes.length;
    for (let done = 0; done < bytes.length;)
      done += (await this.#file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  }

  /** In their order; what lies near each other on disk is read at once. */
  async #readPlaces(places: readonly Place[]): Promise<Change[]> {
    const found = new Map<Place, Change>();
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
function runsOf(places: readonly Place[]): Place[][] {
  const runs: Place[][] = [];
  let end = -Infinity;
  for (const place of places.toSorted((a, b) => a.offset - b.offset)) {
    if (place.offset - end > pageSize) runs.push([]);
    runs.at(-1)?.push(place);
    end = endOf(place);
  }
  return runs;
}

function endOf(place: Place | undefined): number {
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
