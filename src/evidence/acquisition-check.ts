import { createHash } from 'node:crypto';
import { ByteReader } from './byte-reader.ts';
import { itemHeader, itemName, parseItemRecord, type ItemRecord } from './item-record.ts';
import { linesOf } from './lines.ts';
import { safeMemberName } from './member-name.ts';
import { tarEnd, tarPadding } from './tar-header.ts';

/** What is wrong with a tar, and at which item. */
export interface TarFault {
  readonly item: string;
  readonly what: string;
}

/** What an acquisition's tar holds by its index. */
export interface TarCheck {
  readonly items: number;
  readonly bytes: number;
  readonly size: number;
  readonly fault?: TarFault;
}

/**
 * Compares a tar with the items.jsonl that describes it, both as streams: every header must be the one that follows
 * from the item's record, every digest must be right, padding must be zero, and nothing may lie between or behind.
 */
export async function checkTar(index: AsyncIterable<Buffer>, tar: AsyncIterable<Buffer>): Promise<TarCheck> {
  const bytes = new ByteReader(tar);
  try {
    return await compare(index, bytes);
  } finally {
    await bytes.close();
  }
}

async function compare(index: AsyncIterable<Buffer>, bytes: ByteReader): Promise<TarCheck> {
  let items = 0;
  let total = 0;
  const faulty = (item: string, what: string): TarCheck => ({
    items,
    bytes: total,
    size: bytes.offset,
    fault: { item, what },
  });
  for await (const line of linesOf(index)) {
    items += 1;
    const record = line.ended ? parseItemRecord(line.bytes.toString()) : undefined;
    if (record === undefined || record.item !== items)
      return faulty(`line ${items}`, 'is no item of the index');
    total += record.size;
    const fault = await checkItem(record, bytes);
    if (fault !== undefined) return faulty(`item ${items} (${record.name})`, fault);
  }
  const end = await bytes.take(tarEnd.length);
  if (!end.equals(tarEnd) || !(await bytes.atEnd()))
    return faulty('end', 'the tar does not end after its last item');
  return { items, bytes: total, size: bytes.offset };
}

async function checkItem(record: ItemRecord, bytes: ByteReader): Promise<string | undefined> {
  if (record.offset === undefined) return record.size === 0 ? undefined : 'has bytes but no place in the tar';
  const name = itemName(record);
  if (!safeMemberName(name).equals(name)) return 'has a name that is not safe';
  const header = itemHeader(record);
  if (!(await bytes.take(header.length)).equals(header)) return 'has another header in the tar';
  if (bytes.offset !== record.offset) return 'lies elsewhere in the tar';
  const hash = createHash('sha256');
  const start = bytes.offset;
  for await (const piece of bytes.pieces(record.size)) hash.update(piece);
  if (bytes.offset - start < record.size) return 'is cut in the tar';
  if (record.type === 'file' && hash.digest('hex') !== record.sha256) return 'has other content in the tar';
  const padding = await bytes.take(tarPadding(record.size));
  return padding.equals(Buffer.alloc(tarPadding(record.size)))
    ? undefined
    : 'is followed by bytes that belong to nothing';
}
