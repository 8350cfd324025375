import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { cachedAccess, type RandomAccess } from '../artifacts/random-access.ts';
import { OperationError, VerificationError } from '../output/errors.ts';
import { readAcquisitionRecord } from './acquisition-file.ts';
import type { AcquisitionRecord } from './acquisition-record.ts';
import { readFailure } from './durable-file.ts';
import { parseItemRecord, type ItemRecord } from './item-record.ts';
import { layout } from './layout.ts';
import { linesOf } from './lines.ts';

/** One acquisition of a case, opened for reading. */
export interface AcquisitionReader {
  readonly dir: string;
  readonly info: AcquisitionRecord;
  readonly items: readonly ItemRecord[];
  /** What of the index is no item, a sentence; only where it was opened all the same. */
  readonly lost?: string;
  /** Content of an item, checked against its sha256: the stream fails with VerificationError at its end when it differs. */
  read(item: ItemRecord): Readable;
  /** Reads an item whole and throws VerificationError when it is not what was collected. */
  check(item: ItemRecord): Promise<void>;
  /** Content of an item in memory. Throws OperationError when it is longer than `limit` bytes. */
  bytes(item: ItemRecord, limit: number): Promise<Buffer>;
  /** Content of an item to be read here and there, after all of it was checked as `read` does. To be closed. */
  access(item: ItemRecord): Promise<OpenItem>;
}

/** An item that is read here and there. */
export interface OpenItem extends RandomAccess {
  close(): void;
}

/**
 * Opens the directory of an acquisition. Throws OperationError when its record or index can't be read; lines of the index that are
 * no items are only counted when it is to be opened all the same.
 */
export async function openAcquisition(dir: string, allTheSame = false): Promise<AcquisitionReader> {
  const info = await readAcquisitionRecord(dir);
  const items: ItemRecord[] = [];
  const bad: number[] = [];
  const skip = allTheSame ? (line: number): unknown => bad.push(line) : undefined;
  for await (const item of readItems(join(dir, layout.items), skip)) items.push(item);
  const tar = join(dir, info.tar.name);
  const read = (item: ItemRecord): Readable => Readable.from(readContent(tar, item), { objectMode: false });
  const check = (item: ItemRecord): Promise<void> => finished(read(item).resume());
  return {
    dir,
    info,
    items,
    ...(bad[0] === undefined ? {} : { lost: lostText(bad.length, bad[0]) }),
    read,
    check,
    bytes: (item, limit) => collect(read(item), item, limit),
    access: async (item) => {
      await check(item);
      return openItem(tar, item);
    },
  };
}

function lostText(count: number, first: number): string {
  return count === 1
    ? `line ${first} of its index ${layout.items} is no item`
    : `${count} lines of its index ${layout.items} are no items, the first is line ${first}`;
}

/**
 * The records of an items.jsonl one by one. Throws OperationError when it can't be read, and at a line that is none, unless `skip`
 * takes the number of the line.
 */
export async function* readItems(path: string, skip?: (line: number) => unknown): AsyncGenerator<ItemRecord> {
  let number = 0;
  for await (const { bytes } of linesOf(readable(path))) {
    number += 1;
    const record = parseItemRecord(bytes.toString());
    if (record === undefined && skip !== undefined) {
      skip(number);
      continue;
    }
    if (record === undefined)
      throw new OperationError(`line ${number} of ${path} is no item`, {
        advice: 'check the case with: kubectl ir verify',
      });
    yield record;
  }
}

/** Content of an item in a tar; throws VerificationError at its end when it is not what was collected. */
export async function* readContent(tar: string, item: ItemRecord): AsyncGenerator<Buffer> {
  if (item.offset === undefined || item.size === 0) return;
  const hash = createHash('sha256');
  let length = 0;
  const end = item.offset + item.size - 1;
  for await (const bytes of readable(tar, { start: item.offset, end, highWaterMark: 256 * 1024 })) {
    hash.update(bytes);
    length += bytes.length;
    yield bytes;
  }
  if (length === item.size && hash.digest('hex') === item.sha256) return;
  throw new VerificationError(`item ${item.item} (${item.name}) in ${tar} is not what was collected`, {
    advice: 'check the case with: kubectl ir verify',
  });
}

/** The bytes of a file of the case. Throws OperationError when the operating system can't give them. */
async function* readable(
  path: string,
  part: { readonly start?: number; readonly end?: number; readonly highWaterMark?: number } = {},
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path, part)) yield chunk as Buffer;
  } catch (cause) {
    const why = readFailure(cause);
    if (why === undefined) throw cause;
    throw new OperationError(`${path} can't be read (${why})`, {
      advice: 'check the case with: kubectl ir verify',
      cause,
    });
  }
}

function openItem(tar: string, { offset: start = 0, size }: ItemRecord): OpenItem {
  const file = openSync(tar, 'r');
  const read = (offset: number, length: number): Buffer => {
    const from = Math.min(Math.max(offset, 0), size);
    const buffer = Buffer.alloc(Math.min(Math.max(offset + length, from), size) - from);
    const taken = readSync(file, buffer, 0, buffer.length, start + from);
    return buffer.subarray(0, taken);
  };
  return { ...cachedAccess({ size, read }), close: () => closeSync(file) };
}

async function collect(source: Readable, item: ItemRecord, limit: number): Promise<Buffer> {
  if (item.size > limit) {
    source.destroy();
    throw new OperationError(
      `item ${item.item} (${item.name}) has ${item.size} bytes, more than the ${limit} read at once`,
    );
  }
  return Buffer.concat((await source.toArray()) as Buffer[]);
}
