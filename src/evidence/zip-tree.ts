import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import {
  fromRandomAccessReader,
  getFileNameLowLevel,
  RandomAccessReader,
  type Entry,
  type ZipFile,
} from 'yauzl';
import type { ByteSource } from './byte-source.ts';
import { refuseBomb } from './expansion.ts';
import type { TreeFile } from './tree.ts';
import { checkLayout } from './zip-layout.ts';

/** Unix file types in the upper half of the external attributes (APPNOTE.TXT 4.4.15; host system 3 is Unix). */
const typeMask = 0o170000;
const regular = 0o100000;
const directory = 0o040000;
/** A directory, in the lower half, which is that of DOS. */
const dosDirectory = 0x10;
const kinds: Readonly<Record<number, string>> = {
  0o120000: 'a symbolic link',
  0o020000: 'a device',
  0o060000: 'a device',
  0o010000: 'a named pipe',
};

/** Compression methods (APPNOTE.TXT 4.4.5). */
const stored = 0;
const deflated = 8;
/** Bytes that are unpacked at once. */
const chunkSize = 256 * 1024;
/** Small reads, as of the directory, are served from a window of so many bytes. */
const windowSize = 256 * 1024;

/** The files and directories of a zip in the order of its directory. Throws what the reader says when it is damaged, OperationError for a bomb. */
export async function* zipFiles(source: ByteSource): AsyncGenerator<TreeFile> {
  await checkMembers(source);
  const zip = await openZip(source);
  try {
    for await (const entry of entriesOf(zip)) {
      yield { path: nameOf(entry), ...kindOf(entry), content: () => readEntry(zip, entry) };
    }
  } finally {
    zip.close();
  }
}

/**
 * All members, before one of them is read. Throws Error when other programs could see other ones, OperationError when all
 * together are far larger than the zip.
 */
async function checkMembers(source: ByteSource): Promise<void> {
  const zip = await openZip(source);
  const entries: Entry[] = [];
  try {
    for await (const entry of entriesOf(zip)) entries.push(entry);
    const unpacked = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
    refuseBomb(source.name, source.size, unpacked);
    if (entries.some((entry) => isDirectory(entry) && entry.uncompressedSize > 0))
      throw new Error('the zip holds a directory with content');
    await checkLayout(source, zip, entries, nameOf);
  } finally {
    zip.close();
  }
}

function kindOf(entry: Entry): Pick<TreeFile, 'kind' | 'what'> {
  const type = (entry.externalFileAttributes >>> 16) & typeMask;
  const marked = (entry.externalFileAttributes & dosDirectory) !== 0;
  if (isDirectory(entry)) {
    if (type === 0 || type === directory) return { kind: 'directory' };
  } else if (!marked && (type === 0 || type === regular)) return { kind: 'file' };
  return { kind: 'other', what: kinds[type] ?? 'of a type that no bag may hold' };
}

function isDirectory(entry: Entry): boolean {
  return nameOf(entry).endsWith('/');
}

/** The name as it is stored; names that lead out of the zip are the visitor's to judge. */
function nameOf(entry: Entry): string {
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
}

function openZip(source: ByteSource): Promise<ZipFile> {
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false };
  return new Promise((resolve, reject) => {
    fromRandomAccessReader(new SourceReader(source), source.size, options, (error, zip) => {
      if (error) reject(error);
      else resolve(zip);
    });
  });
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (let entry = await nextEntry(zip); entry !== undefined; entry = await nextEntry(zip)) yield entry;
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      zip.removeAllListeners();
      act();
    };
    zip.once('entry', (entry: Entry) => settle(() => resolve(entry)));
    zip.once('end', () => settle(() => resolve(undefined)));
    zip.once('error', (error: Error) => settle(() => reject(error)));
    zip.readEntry();
  });
}

async function* readEntry(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  if (entry.isEncrypted()) throw new Error(`the member ${nameOf(entry)} is encrypted`);
  const content = entry.compressionMethod === stored ? readStored(zip, entry) : inflated(zip, entry);
  let sum = 0;
  for await (const chunk of content) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== entry.crc32)
    throw new Error(`the member ${nameOf(entry)} has another checksum than the zip says`);
}

async function* readStored(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  const packed = await zip.openReadStreamPromise(entry, { decodeFileData: false });
  for await (const chunk of packed) yield chunk as Buffer;
}

async function* inflated(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  if (entry.compressionMethod !== deflated)
    throw new Error(`the member ${nameOf(entry)} is compressed in a way that is not known here`);
  const packed = await zip.openReadStreamPromise(entry, { decodeFileData: false });
  const inflate = createInflateRaw({ chunkSize });
  pipeline(packed, inflate, () => undefined);
  let size = 0;
  for await (const chunk of inflate) {
    size += (chunk as Buffer).length;
    yield chunk as Buffer;
  }
  // What lies behind the end of the compressed data is a place where programs that read on would find other members.
  if (size !== entry.uncompressedSize || inflate.bytesWritten !== entry.compressedSize)
    throw new Error(`the member ${nameOf(entry)} is of another size than the zip says`);
}

/** How yauzl reads from a source. */
class SourceReader extends RandomAccessReader {
  readonly #source: ByteSource;
  #window = { start: 0, bytes: Buffer.alloc(0) };

  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#source.read(start, end));
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#bytes(position, length).then(
      (bytes) => {
        bytes.copy(buffer, offset);
        callback(bytes.length < length ? new Error('the zip is cut') : null);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    );
  }

  async #bytes(position: number, length: number): Promise<Buffer> {
    const { start, bytes } = this.#window;
    const held = bytes.subarray(Math.max(0, position - start), Math.max(0, position - start + length));
    if (position >= start && held.length === length) return held;
    const end = Math.min(this.#source.size, position + Math.max(length, windowSize));
    const chunks: Buffer[] = [];
    for await (const chunk of this.#source.read(position, end)) chunks.push(chunk);
    this.#window = { start: position, bytes: Buffer.concat(chunks) };
    return this.#window.bytes.subarray(0, length);
  }
}
