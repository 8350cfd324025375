import { parseExtraFields, type Entry, type ZipFile } from 'yauzl';
import type { ByteSource } from './byte-source.ts';

/*
 * A zip says everything twice: in its directory at the end, which most programs read, and in a header before each member,
 * which those read that take it as a stream. A reader that trusts one of them can be shown other files than one that trusts the
 * other. Numbers of sections are those of APPNOTE.TXT 6.3.10.
 */

const sizeUnknown = 0xffffffff;
/** General purpose flags (4.4.4): sizes and CRC stand in a descriptor behind the data. */
const descriptorFlag = 8;
/** Options of the compression, which nobody needs. */
const optionFlags = 6;
/** 4.3.9: with and without its signature, with sizes of four bytes and of eight. */
const descriptorSizes = [12, 16, 20, 24];
/** 4.3.12, 4.3.14, 4.3.15, 4.3.16. */
const entrySize = 46;
const zip64EndSize = 56;
const locatorSize = 20;
const endSize = 22;
const locatorSignature = 0x07064b50;
/** 4.5.3: sizes of eight bytes, that of the content first. */
const zip64Sizes = 0x0001;
/** 4.6.9: another name for the member. */
const unicodePath = 0x7075;
const stored = 0;

type LocalHeader = Awaited<ReturnType<ZipFile['readLocalFileHeaderPromise']>>;

/**
 * Throws Error where two readers could see different members: a header that contradicts the directory, bytes that belong to no
 * member, members that share bytes, or a directory that does not end where the zip does.
 */
export async function checkLayout(
  source: ByteSource,
  zip: ZipFile,
  entries: readonly Entry[],
  nameOf: (entry: Entry) => string,
): Promise<void> {
  const directory = await findDirectory(source, zip.comment.length);
  const length = entries.reduce(
    (sum, { fileNameLength, extraFieldLength, fileCommentLength }) =>
      sum + entrySize + fileNameLength + extraFieldLength + fileCommentLength,
    0,
  );
  if (directory.size !== length || directory.start + length !== directory.end)
    throw new Error('the directory of the zip is not where its end says');
  const sorted = [...entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  for (const [at, entry] of sorted.entries()) {
    const next = sorted[at + 1];
    const until = next?.relativeOffsetOfLocalHeader ?? directory.start;
    const name = nameOf(entry);
    if (at === 0 && entry.relativeOffsetOfLocalHeader !== 0) throw strayBytes(name, 'before');
    const local = await zip.readLocalFileHeaderPromise(entry);
    const left = until - local.fileDataStart - entry.compressedSize;
    if (left < 0)
      throw new Error(
        `the members ${name} and ${next === undefined ? 'the directory' : nameOf(next)} share the same bytes`,
      );
    if (left > 0 && !((local.generalPurposeBitFlag & descriptorFlag) !== 0 && descriptorSizes.includes(left)))
      throw strayBytes(name, 'behind');
    if (hasOtherName(entry, name)) throw new Error(`the member ${name} has another name too`);
    if (hasOpenEnd(entry, local))
      throw new Error(`the end of ${name} stands behind it alone, where not every program looks`);
    if (!agrees(entry, local)) throw new Error(`the header of ${name} contradicts the directory of the zip`);
  }
}

/** Programs that read a zip as a stream guess the end of content that is not compressed, and has its size behind it. */
function hasOpenEnd(entry: Entry, local: LocalHeader): boolean {
  const isLater = (local.generalPurposeBitFlag & descriptorFlag) !== 0;
  return isLater && entry.compressionMethod === stored && entry.compressedSize > 0;
}

function agrees(entry: Entry, local: LocalHeader): boolean {
  const flags = (local.generalPurposeBitFlag ^ entry.generalPurposeBitFlag) & ~optionFlags;
  if (
    !local.fileName.equals(entry.fileNameRaw) ||
    local.compressionMethod !== entry.compressionMethod ||
    flags !== 0
  )
    return false;
  const isLater = (local.generalPurposeBitFlag & descriptorFlag) !== 0;
  const extra = parseExtraFields(local.extraField);
  const large = extra.find(({ id }) => id === zip64Sizes)?.data;
  const sizeOf = (short: number, at: number): number =>
    short === sizeUnknown && large !== undefined && large.length >= at + 8
      ? Number(large.readBigUInt64LE(at))
      : short;
  const name = (fields: Entry['extraFields']): string =>
    fields.find(({ id }) => id === unicodePath)?.data.toString('hex') ?? '';
  const same = [
    [local.crc32, entry.crc32],
    [sizeOf(local.uncompressedSize, 0), entry.uncompressedSize],
    [sizeOf(local.compressedSize, 8), entry.compressedSize],
  ].every(([ours = 0, theirs = 0]) => ours === theirs || (isLater && ours === 0));
  return same && name(extra) === name(entry.extraFields);
}

/** Names that are not ASCII may be written twice, in the character set of the writer and in Unicode. */
function hasOtherName(entry: Entry, name: string): boolean {
  const raw = entry.fileNameRaw.toString('latin1');
  const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);
  const has = entry.extraFields.some(({ id }) => id === unicodePath);
  return has && raw !== name && (isAscii(raw) || isAscii(name));
}

/** Where the directory is by the records at the end of the zip, and where these begin. */
async function findDirectory(
  source: ByteSource,
  commentLength: number,
): Promise<{ start: number; size: number; end: number }> {
  const end = source.size - commentLength - endSize;
  const record = await bytesAt(source, end, endSize);
  const locator = await bytesAt(source, Math.max(0, end - locatorSize), Math.min(end, locatorSize));
  if (locator.length < locatorSize || locator.readUInt32LE() !== locatorSignature)
    return { start: record.readUInt32LE(16), size: record.readUInt32LE(12), end };
  const start = Number(locator.readBigUInt64LE(8));
  if (start + zip64EndSize !== end - locatorSize)
    throw new Error('the directory of the zip is not where its end says');
  const zip64 = await bytesAt(source, start, zip64EndSize);
  return { start: Number(zip64.readBigUInt64LE(48)), size: Number(zip64.readBigUInt64LE(40)), end: start };
}

async function bytesAt(source: ByteSource, start: number, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source.read(start, start + length)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function strayBytes(name: string, side: 'before' | 'behind'): Error {
  return new Error(`the zip has bytes ${side} ${name} that belong to no member`);
}
