import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { FileStat, ItemEnd, ItemHeader, ItemSink, Outcome } from '../artifacts/item.ts';
import type { Io } from '../output/io.ts';
import { OperationError } from '../output/errors.ts';
import { escapeForTerminal } from '../output/escape.ts';
import { encodeAcquisitionRecord, type AcquisitionRecord, type Gap } from './acquisition-record.ts';
import { firstRecord, makeDirectory, type AcquisitionStart } from './acquisition-start.ts';
import type { Custody } from './custody.ts';
import { isNoRoom, writeDurable } from './durable-file.ts';
import { ItemWriter, type ItemFacts } from './item-writer.ts';
import { layout } from './layout.ts';
import { Reserve, type Storage } from './reserve.ts';
import { type SecretKey, withoutDigest } from './secret-key.ts';
import { Turn } from './turn.ts';
import { uacLog } from './uac-log.ts';

/** Facts about a record that was made or fetched on the responder's side. */
export interface FileFacts {
  readonly artifact: string;
  /** Such as the path of the API request. */
  readonly source: string;
  readonly sensitive?: boolean;
  readonly stat?: FileStat;
}

/** What is known at the end of an acquisition. */
export interface AcquisitionEnd extends Pick<
  AcquisitionRecord,
  'reason' | 'collector' | 'clock' | 'clockAfter' | 'footprint'
> {
  readonly outcome: 'complete' | 'partial' | 'failed';
}

export interface AcquisitionSummary {
  readonly dir: string;
  readonly outcome: AcquisitionEnd['outcome'];
  readonly items: number;
  readonly bytes: number;
  /** Items that may hold credentials. */
  readonly sensitive: number;
  /** Secrets that were not taken. */
  readonly secrets: number;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** The first thousand; `gapCount` counts all. */
  readonly gaps: readonly Gap[];
  readonly gapCount: number;
}

/** How tar and items.jsonl are opened; tests put a full disk in their place. */
export type OpenStorage = (path: string) => Promise<Storage>;

const openNew: OpenStorage = (path) => open(path, 'wx+', 0o600);

/**
 * One run of a collection. Items that arrive from a collector come through the ItemSink; what is fetched or made here
 * comes through `addFile`, also while a collector's stream runs: it waits for the item in progress.
 */
export class Acquisition implements ItemSink {
  /** Absolute path of its directory. */
  readonly dir: string;
  /** The same, relative to the case, as custody names it. */
  readonly object: string;
  readonly #io: Io;
  readonly #custody: Custody;
  readonly #sensitive: (header: ItemHeader) => boolean;
  readonly #secretKey: SecretKey | undefined;
  readonly #record: AcquisitionRecord;
  readonly #reserve: Reserve;
  readonly #writer: ItemWriter;
  readonly #turn = new Turn();
  #endTurn: (() => void) | undefined;
  /** What the stream does last. */
  #step: Promise<void> = Promise.resolve();

  private constructor(
    io: Io,
    custody: Custody,
    parts: Pick<Acquisition, 'dir' | 'object'> & {
      readonly record: AcquisitionRecord;
      readonly sensitive: (header: ItemHeader) => boolean;
      readonly secretKey: SecretKey | undefined;
      readonly reserve: Reserve;
      readonly writer: ItemWriter;
    },
  ) {
    this.#io = io;
    this.#custody = custody;
    this.dir = parts.dir;
    this.object = parts.object;
    this.#record = parts.record;
    this.#sensitive = parts.sensitive;
    this.#secretKey = parts.secretKey;
    this.#reserve = parts.reserve;
    this.#writer = parts.writer;
  }

  /** Makes the directory of the acquisition in a case held open, with a record that says `running`, and tells custody. */
  static async start(
    io: Io,
    caseDir: string,
    custody: Custody,
    start: AcquisitionStart,
    openStorage: OpenStorage = openNew,
  ): Promise<Acquisition> {
    const now = io.now();
    await custody.append({
      action: 'acquire',
      object: `${start.kind}/${start.target}`,
      result: 'started',
      details: { options: start.options ?? {} },
    });
    const object = await makeDirectory(caseDir, start, now);
    const dir = join(caseDir, object);
    const record = firstRecord(start, now, custody.actor);
    try {
      await writeDurable(join(dir, layout.acquisitionRecord), encodeAcquisitionRecord(record));
      const reserve = await Reserve.make(join(dir, layout.reserve));
      const tar = await openStorage(join(dir, record.tar.name));
      const writer = new ItemWriter(dir, tar, await openStorage(join(dir, layout.items)), reserve);
      const sensitive = start.sensitive ?? (() => false);
      const { secretKey } = start;
      return new Acquisition(io, custody, { dir, object, record, sensitive, secretKey, reserve, writer });
    } catch (error) {
      if (!isNoRoom(error)) throw error;
      throw new OperationError(`no space left on this machine to begin an acquisition in ${dir}`, {
        advice: 'free some space, or use --case on another disk',
        cause: error,
      });
    }
  }

  begin(header: ItemHeader): Promise<void> {
    return this.#streamed(this.#begin(header));
  }

  async #begin(header: ItemHeader): Promise<void> {
    if (this.#endTurn !== undefined) throw new Error('an item was begun before the one before it had ended');
    this.#endTurn = await this.#turn.take();
    try {
      await this.#writer.begin(header, this.#facts(sourceOf(header.name), this.#sensitive(header)));
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  write(chunk: Buffer): Promise<void> {
    return this.#streamed(this.#writer.write(chunk));
  }

  end(end: ItemEnd): Promise<void> {
    return this.#streamed(this.#end(end));
  }

  async #end(end: ItemEnd): Promise<void> {
    try {
      await this.#writer.end(await (this.#secretKey?.conceal(end) ?? withoutDigest(end)));
    } finally {
      this.#release();
    }
  }

  /** Adds a file made on the responder's side under a name in the tar. A source that fails leaves a `truncated` item, then throws. */
  addFile(name: string, content: Uint8Array | Readable, facts: FileFacts): Promise<void> {
    return this.#turn.run(() => this.#put(name, content, facts, false));
  }

  /** Adds a line for something that was asked for and is not there. */
  gap(artifact: string, name: string, outcome: Exclude<Outcome, 'ok'>, detail: string): Promise<void> {
    return this.#turn.run(async () => {
      const header: ItemHeader = { sequence: 0, artifact, name: Buffer.from(name), type: 'file' };
      await this.#writer.begin(header, this.#facts(sourceOf(header.name), false), true);
      await this.#writer.end({ outcome, length: 0, detail });
    });
  }

  /** Ends the acquisition: an item still open becomes `truncated`, everything is on disk, custody says so. */
  async finish(end: AcquisitionEnd): Promise<AcquisitionSummary> {
    await this.#streamIdle();
    const detail = this.#writer.full ? 'no space left on the responder' : 'the stream ended in it';
    if (this.#writer.busy) await this.#writer.end({ outcome: 'truncated', length: 0, detail });
    this.#release();
    const record = await this.#turn.run(() => this.#close(end));
    const text = encodeAcquisitionRecord(record);
    await this.#reserve.remove();
    await writeDurable(join(this.dir, layout.acquisitionRecord), text);
    await this.#custody.append({
      action: 'acquire',
      object: this.object,
      result: record.outcome,
      details: { sha256: createHash('sha256').update(text).digest('hex') },
    });
    const { count, bytes, sensitive, secrets = 0, outcomes } = record.items;
    const { gaps, gapCount } = record;
    const outcome = record.outcome === 'running' ? 'failed' : record.outcome;
    return { dir: this.dir, outcome, items: count, bytes, sensitive, secrets, outcomes, gaps, gapCount };
  }

  #streamed(work: Promise<void>): Promise<void> {
    this.#step = work.catch(() => undefined);
    return work;
  }

  /** A stream that is given up may be in the middle of a line: what it does is done before anything else is written. */
  async #streamIdle(): Promise<void> {
    for (let step; step !== this.#step;) {
      step = this.#step;
      await step;
    }
  }

  async #close(end: AcquisitionEnd): Promise<AcquisitionRecord> {
    const full = this.#writer.full;
    const base: AcquisitionRecord = {
      ...this.#record,
      ...end,
      finished: this.#io.now().toISOString(),
      ...(full && end.outcome === 'complete' ? { outcome: 'partial' } : {}),
      ...(full ? { reason: 'no space left on the responder' } : {}),
      ...this.#writer.tally.summary(''),
    };
    try {
      await this.#put('uac.log', Buffer.from(uacLog(base)), { artifact: 'log', source: 'kubectl-ir' }, true);
    } catch (error) {
      await this.#writer.close().catch(() => undefined);
      throw error;
    }
    const { tarSize, itemsSha256 } = await this.#writer.close();
    return { ...base, tar: { ...base.tar, size: tarSize }, ...this.#writer.tally.summary(itemsSha256) };
  }

  async #put(name: string, content: Uint8Array | Readable, facts: FileFacts, last: boolean): Promise<void> {
    const { stat, artifact, source } = facts;
    const header: ItemHeader = {
      sequence: 0,
      artifact,
      name: Buffer.from(name),
      type: 'file',
      ...(stat === undefined ? {} : { stat }),
    };
    await this.#writer.begin(header, this.#facts(source, facts.sensitive ?? false), last);
    let length = 0;
    try {
      for await (const chunk of content instanceof Uint8Array
        ? [content]
        : (content as AsyncIterable<Uint8Array>)) {
        await this.#writer.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
        length += chunk.byteLength;
      }
    } catch (error) {
      if (this.#writer.busy)
        await this.#writer.end({ outcome: 'truncated', length, detail: 'the source failed' });
      throw error;
    }
    await this.#writer.end({ outcome: 'ok', length });
  }

  #facts(source: string, sensitive: boolean): ItemFacts {
    return { source, sensitive, collected: this.#io.now().toISOString() };
  }

  #release(): void {
    this.#endTurn?.();
    this.#endTurn = undefined;
  }
}

/** `[root]/etc/passwd` came from `/etc/passwd`; what has no path on the node is its own source. */
function sourceOf(name: Buffer): string {
  const text = escapeForTerminal(name);
  return text.startsWith('[root]/') ? text.slice('[root]'.length) : text;
}
