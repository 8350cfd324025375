import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { VerificationError } from '../../output/errors.ts';
import { encodeAcquisitionRecord, parseAcquisitionRecord } from '../acquisition-record.ts';
import { writeDurable } from '../durable-file.ts';
import { itemName, tarEntry, type ItemRecord } from '../item-record.ts';
import { ItemTally } from '../item-tally.ts';
import { ItemsFile } from '../items-file.ts';
import { layout } from '../layout.ts';
import { readContent, readItems } from '../reader.ts';
import { Reserve } from '../reserve.ts';
import { TarFile } from '../tar-file.ts';
import type { Placeholders } from './placeholder.ts';
import { redactItem } from './profile.ts';

/** What was made: the digest of its record for custody, and the items that were gone through. */
export interface RedactedAcquisition {
  readonly recordDigest: string;
  readonly outcome: string;
  readonly items: number;
}

/**
 * Writes an acquisition again into the empty directory `to`: the same items in the same order; those flagged as
 * sensitive with what the profile replaces, all others byte for byte. Every content is checked against its digest while
 * it is read. Throws VerificationError when the acquisition is not what its record says.
 */
export async function redactAcquisition(
  from: string,
  to: string,
  placeholders: Placeholders,
  signal: AbortSignal | undefined,
): Promise<RedactedAcquisition> {
  const record = parseAcquisitionRecord(await readFile(join(from, layout.acquisitionRecord), 'utf8'));
  if (record === undefined) throw new VerificationError(`${from} has no record of an acquisition`);
  const reserve = await Reserve.make(join(to, layout.reserve));
  const tar = new TarFile(await open(join(to, record.tar.name), 'wx+', 0o600), reserve);
  const items = new ItemsFile(await open(join(to, layout.items), 'wx+', 0o600), reserve);
  const tally = new ItemTally();
  let redacted = 0;
  let itemsSha256: string;
  try {
    for await (const item of readItems(join(from, layout.items))) {
      signal?.throwIfAborted();
      const content = readContent(join(from, record.tar.name), item);
      if (item.sensitive === true && item.type === 'file' && item.offset !== undefined) redacted += 1;
      const made = await writeItem(tar, item, content, placeholders);
      await items.append(made);
      tally.add(made);
    }
  } finally {
    await tar.close();
    itemsSha256 = await items.close();
    await reserve.remove();
  }
  const text = encodeAcquisitionRecord({
    ...record,
    tar: { ...record.tar, size: tar.size },
    ...tally.summary(itemsSha256),
  });
  await writeDurable(join(to, layout.acquisitionRecord), text);
  const recordDigest = createHash('sha256').update(text).digest('hex');
  return { recordDigest, outcome: record.outcome, items: redacted };
}

async function writeItem(
  tar: TarFile,
  item: ItemRecord,
  content: Readable | AsyncIterable<Buffer>,
  placeholders: Placeholders,
): Promise<ItemRecord> {
  if (item.offset === undefined) return item;
  const { sensitive, sha256, ...plain } = item;
  const isSensitive = sensitive === true && item.type === 'file';
  const bytes = content as AsyncIterable<Buffer>;
  const name = itemName(item).toString('latin1');
  const hash = createHash('sha256');
  let size = 0;
  await tar.begin(tarEntry({ ...item, size: 0 }));
  for await (const chunk of isSensitive ? redactItem(name, item.size, bytes, placeholders) : bytes) {
    hash.update(chunk);
    size += chunk.length;
    await tar.write(chunk);
  }
  const offset = await tar.end();
  return {
    ...plain,
    ...(sensitive === true && !isSensitive ? { sensitive } : {}),
    ...(isSensitive ? { redacted: true as const } : {}),
    size,
    ...(sha256 === undefined ? {} : { sha256: hash.digest('hex') }),
    offset,
  };
}
