import { lineBlocks, recordBlocks } from '../artifacts/blocks.ts';
import { isMalformed } from '../artifacts/lines.ts';
import { type Parser, placed } from '../artifacts/parsers.ts';
import { accessTo } from '../artifacts/random-access.ts';
import { OperationError, VerificationError } from '../output/errors.ts';
import { decompress } from './decompress.ts';
import { itemName, type ItemRecord } from './item-record.ts';
import type { AcquisitionReader } from './reader.ts';

/** An item of an acquisition that is read by a parser. */
export interface ReadItem {
  readonly acquisition: AcquisitionReader;
  readonly item: ItemRecord;
  readonly parser: Parser;
}

/**
 * The records of one item, and `Malformed` for what is none, streamed. Rotated logs that were packed with gzip are
 * unpacked; one that is damaged, or unpacks to far more than it is, ends with a `Malformed`. Throws VerificationError when
 * the item is not what was collected.
 */
export async function* readRecords(read: ReadItem): AsyncGenerator<object> {
  try {
    yield* recordsOf(read);
  } catch (error) {
    if (!isPacked(read.item) || !isUnpackingFailure(error)) throw error;
    yield { malformed: 'the packed log is damaged, or unpacks to far more than it is', offset: 0 };
  }
}

async function* recordsOf({ acquisition, item, parser }: ReadItem): AsyncGenerator<object> {
  const path = itemName(item);
  const place = { path, size: item.size, first: Buffer.alloc(0), offset: 0 };
  switch (parser.feed) {
    case 'lines':
      for await (const block of lineBlocks(plainBytes(acquisition, item)))
        if (isMalformed(block)) yield block;
        else
          for (const record of parser.parse(block.bytes, { ...place, offset: block.offset }))
            yield placed(record, block.offset);
      return;
    case 'records': {
      let first: Buffer | undefined;
      for await (const { bytes, offset } of recordBlocks(plainBytes(acquisition, item), parser.unit)) {
        first ??= bytes;
        for (const record of parser.parse(bytes, { ...place, first, offset })) yield placed(record, offset);
      }
      return;
    }
    case 'whole':
      yield* parser.parse(await head(acquisition, item, parser.most), place);
      return;
    case 'access':
      yield* readHereAndThere(acquisition, item, parser);
  }
}

async function* readHereAndThere(
  acquisition: AcquisitionReader,
  item: ItemRecord,
  parser: Extract<Parser, { feed: 'access' }>,
): AsyncGenerator<object> {
  const file = await acquisition.access(item);
  const log = acquisition.items.find(
    ({ name, offset }) => name === `${item.name}-wal` && offset !== undefined,
  );
  const wal = log === undefined ? undefined : await acquisition.access(log);
  try {
    for (const record of parser.parse(file, wal ?? accessTo(Buffer.alloc(0))))
      yield parser.finish === undefined ? record : await parser.finish(record);
  } finally {
    file.close();
    wal?.close();
  }
}

/** The first bytes of an item; a longer one is read to its end all the same, as its digest is of all of it. */
async function head(acquisition: AcquisitionReader, item: ItemRecord, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const chunk of acquisition.read(item) as AsyncIterable<Buffer>) {
    if (length < most) pieces.push(chunk.subarray(0, most - length));
    length += chunk.length;
  }
  return Buffer.concat(pieces);
}

/** Content of an item, unpacked when it is called and looks like gzip. */
function plainBytes(acquisition: AcquisitionReader, item: ItemRecord): AsyncIterable<Buffer> {
  const source = {
    name: item.name,
    size: item.size,
    read: () => acquisition.read(item) as AsyncIterable<Buffer>,
  };
  return decompress(source, isPacked(item) ? 'gzip' : 'none');
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
