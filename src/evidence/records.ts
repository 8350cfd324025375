import { type Block, lineBlocks, recordBlocks } from '../artifacts/blocks.ts';
import { isMalformed } from '../artifacts/lines.ts';
import { type Parser, placed } from '../artifacts/parsers.ts';
import { accessTo } from '../artifacts/random-access.ts';
import { isZero, type RecordLayout } from '../artifacts/record-layout.ts';
import { OperationError, VerificationError } from '../output/errors.ts';
import { decompress } from './decompress.ts';
import { mostOfLog } from './expansion.ts';
import { itemName, type ItemRecord } from './item-record.ts';
import type { AcquisitionReader } from './reader.ts';

/** An item of an acquisition that is read by a parser. */
export interface ReadItem {
  readonly acquisition: AcquisitionReader;
  readonly item: ItemRecord;
  readonly parser: Parser;
}

/** Records of random access that are handed on at once, and bytes of theirs. */
const atOnce = { records: 64, bytes: 8 * 1024 * 1024 } as const;

/** A decoder gives nothing of a piece that is damaged: a packed item comes to it in as many, but not in smaller ones. */
const packedPieces = { most: 1024, bytes: 64 } as const;

const unclear = 'none of its records says of which architecture they are; they are read as those of x86-64';

/**
 * The records of one item, and `Malformed` for what is none, streamed. Rotated logs that were packed with gzip are
 * unpacked, to `bound` bytes each; one that is damaged, or unpacks to more, ends with a `Malformed`. Throws VerificationError when
 * the item is not what was collected.
 */
export async function* readRecords(read: ReadItem, bound = mostOfLog): AsyncGenerator<object> {
  for await (const batch of readBatches(read, bound)) yield* batch;
}

/**
 * The same, as many at once as one piece of the item holds: an `await` for each of millions takes longer than its parsing. A
 * batch is to be read before the next one is asked for.
 */
export async function* readBatches(read: ReadItem, bound = mostOfLog): AsyncGenerator<Iterable<object>> {
  try {
    yield* batchesOf(read, bound);
  } catch (error) {
    if (!isPacked(read.item) || !isUnpackingFailure(error)) throw error;
    const why = error instanceof OperationError ? error.message : 'the packed log is damaged';
    yield [{ malformed: why, offset: 0 }];
  }
}

async function* batchesOf(
  { acquisition, item, parser }: ReadItem,
  bound: number,
): AsyncGenerator<Iterable<object>> {
  const path = itemName(item);
  const content = (): AsyncIterable<Buffer> => plainBytes(acquisition, item, bound);
  const place = { path, offset: 0 };
  switch (parser.feed) {
    case 'lines':
      for await (const block of lineBlocks(content()))
        yield isMalformed(block)
          ? [block]
          : placedAll(parser.parse(block.bytes, { ...place, offset: block.offset }), block.offset);
      return;
    case 'records': {
      const blocks = (): AsyncIterable<Block> => recordBlocks(content(), parser.unit);
      const layout = parser.layoutOf && (await layoutOf(blocks(), parser.layoutOf));
      if (layout === 'unclear') yield [{ malformed: unclear, offset: 0 }];
      const known = typeof layout === 'object' ? { layout } : {};
      for await (const { bytes, offset } of blocks())
        yield placedAll(parser.parse(bytes, { ...place, ...known, offset }), offset);
      return;
    }
    case 'whole':
      yield parser.parse(await readHead(acquisition, item, parser.most), place);
      return;
    case 'access':
      yield* readHereAndThere(acquisition, item, parser);
  }
}

/** What the first piece says that says anything, however many were wiped before it; undefined for a file of zeroes. */
async function layoutOf(
  blocks: AsyncIterable<Block>,
  ask: (piece: Buffer) => RecordLayout | undefined,
): Promise<RecordLayout | 'unclear' | undefined> {
  let empty = true;
  for await (const { bytes } of blocks) {
    if (isZero(bytes)) continue;
    const layout = ask(bytes);
    if (layout !== undefined) return layout;
    empty = false;
  }
  return empty ? undefined : 'unclear';
}

function* placedAll(records: Iterable<object>, offset: number): Generator<object> {
  for (const record of records) yield placed(record, offset);
}

async function* readHereAndThere(
  acquisition: AcquisitionReader,
  item: ItemRecord,
  parser: Extract<Parser, { feed: 'access' }>,
): AsyncGenerator<object[]> {
  const file = await acquisition.access(item);
  const log = acquisition.items.find(
    ({ name, offset }) => name === `${item.name}-wal` && offset !== undefined,
  );
  const wal = log === undefined ? undefined : await acquisition.access(log);
  let batch: object[] = [];
  let weight = 0;
  try {
    for (const record of parser.parse(file, wal ?? accessTo(Buffer.alloc(0)), itemName(item))) {
      const finished = parser.finish === undefined ? record : await parser.finish(record);
      batch.push(finished);
      weight += parser.weightOf?.(finished) ?? 0;
      if (batch.length < atOnce.records && weight < atOnce.bytes) continue;
      yield batch;
      batch = [];
      weight = 0;
    }
    yield batch;
  } catch (error) {
    // What came before the place that can't be read is evidence all the same.
    yield batch;
    throw error;
  } finally {
    file.close();
    wal?.close();
  }
}

/** The first bytes of an item; a longer one is read to its end all the same, as its digest is of all of it. */
async function readHead(acquisition: AcquisitionReader, item: ItemRecord, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const chunk of acquisition.read(item) as AsyncIterable<Buffer>) {
    if (length < most) pieces.push(chunk.subarray(0, most - length));
    length += chunk.length;
  }
  return Buffer.concat(pieces);
}

/** Content of an item, unpacked when it is called and looks like gzip. */
function plainBytes(acquisition: AcquisitionReader, item: ItemRecord, bound: number): AsyncIterable<Buffer> {
  if (!isPacked(item)) return acquisition.read(item);
  const read = (start = 0): AsyncIterable<Buffer> => inPieces(bytesFrom(acquisition, item, start), item.size);
  return decompress({ name: item.name, size: item.size, read }, 'gzip', bound);
}

/** An item is read from its beginning, as its digest is of all of it. */
async function* bytesFrom(
  acquisition: AcquisitionReader,
  item: ItemRecord,
  start: number,
): AsyncGenerator<Buffer> {
  if (start > 0 && start >= item.size) return;
  let at = 0;
  for await (const chunk of acquisition.read(item) as AsyncIterable<Buffer>) {
    const skipped = Math.max(0, start - at);
    if (skipped < chunk.length) yield chunk.subarray(skipped);
    at += chunk.length;
  }
}

async function* inPieces(chunks: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  const length = Math.max(packedPieces.bytes, Math.ceil(size / packedPieces.most));
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; at += length) yield chunk.subarray(at, at + length);
}

function isPacked({ name }: ItemRecord): boolean {
  return name.endsWith('.gz');
}

/** What a packed log ends with that is damaged, or made to fill hours. */
function isUnpackingFailure(error: unknown): boolean {
  if (error instanceof VerificationError) return false;
  return (
    error instanceof OperationError ||
    (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
  );
}
