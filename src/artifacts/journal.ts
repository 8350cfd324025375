import { zstdDecompressSync } from 'node:zlib';
import { instantText } from './instant.ts';
import { type JournalHeader, parseJournalHeader } from './journal-header.ts';
import type { Malformed } from './lines.ts';
import { unpackLz4 } from './lz4.ts';
import type { RandomAccess } from './random-access.ts';
import { isZero } from './record-layout.ts';
import { unpackXz } from './xz.ts';

/** One entry of a journal; what a field holds is the sender's to choose unless its name begins with `_`. */
export interface JournalEntry {
  readonly seqnum: bigint;
  /** When journald got it: RFC 3339 in UTC with microseconds. */
  readonly time: string;
  /** Microseconds since the boot `boot`. */
  readonly monotonic: bigint;
  readonly boot: string;
  /** Names and values in the order of the entry; a name may come several times. */
  readonly fields: readonly (readonly [name: string, value: Buffer])[];
  /** Fields that are damaged, too long, or lie behind the end of a cut file. */
  readonly unreadable: number;
  /** Fields packed with xz: `unpackFields` adds them. */
  readonly packed: readonly PackedField[];
  /** Offset of the entry in the file. */
  readonly offset: number;
}

/** Name and value packed with xz, and what the file may still unpack to. */
interface PackedField {
  readonly bytes: Buffer;
  readonly budget: Budget;
}

/** Bytes that the fields of one file may still give; whoever wrote it can have made 500 bytes that unpack to 16 MiB. */
interface Budget {
  left: number;
}

const objectHeader = 16;
const pieceBytes = 4096;
const dataObject = 1;
const entryObject = 3;
/** OBJECT_COMPRESSED_*. */
const xzFlag = 1;
const lz4Flag = 2;
const zstdFlag = 4;
/** A field that is longer is told as unreadable: of those, only dumps of crashed programs are. */
const longestField = 16 * 1024 * 1024;
const mostFields = 4096;
/** Behind so much of one entry nothing more of it is read: fields may share their bytes, so a small file could hold endless ones. */
const longestEntry = longestField;
/** Fields repeat from entry to entry; but for the longest ones they are kept unpacked, so many and so many bytes of them. */
const keptFields = 16_384;
const keptBytes = 32 * 1024 * 1024;
const keptLength = 1024 * 1024;
/** So many times the bytes of its file, and no less, all its fields together may give; what is kept counts once and is not read again. */
const mostGrowth = 64;
const leastBudget = 64 * 1024 * 1024;

/**
 * The entries of a journal file in the order in which they were written (systemd src/libsystemd/sd-journal/journal-def.h,
 * docs/JOURNAL_FILE_FORMAT.md). Objects are read one behind the other and not by the file's own index, so that a file that
 * is cut, still written, or damaged gives what it has; what is no object is told, and reading goes on at the next one.
 */
export function* parseJournal(file: RandomAccess): Generator<JournalEntry | Malformed> {
  const header = parseJournalHeader(file.read(0, 272));
  if (header === undefined) {
    yield { malformed: 'no journal file', offset: 0 };
    return;
  }
  const fields = new FieldReader(file, header);
  let entries = 0n;
  let told = 0;
  let end = header.size;
  const tell = (malformed: string, offset: number): Malformed => {
    told += 1;
    return { malformed, offset };
  };
  // What the header says of where objects end bounds nothing: who can write the file can write that, too.
  for (let offset = header.size; offset + objectHeader <= file.size;) {
    const object = objectAt(file, offset);
    if (object === undefined) {
      const next = nextObject(file, offset);
      // Behind the last object lie zeroes that were set aside.
      if (next === undefined && offset > header.tail && isZeroFrom(file, offset)) break;
      yield tell('no object of the journal', offset);
      offset = next ?? file.size;
      continue;
    }
    if (object.type === entryObject) {
      const entry = readEntry(file, header, fields, offset, object.size);
      if (entry !== undefined) entries += 1n;
      yield entry ?? tell('no entry', offset);
    }
    offset += Math.ceil(object.size / 8) * 8;
    end = offset;
  }
  if (end > header.end) yield tell('it goes on behind where its header says that it ends', header.end);
  if (header.end > file.size) yield tell('the file is cut', file.size);
  if (told === 0 && entries < header.entries)
    yield tell(`the header counts ${header.entries} entries, and ${entries} are there`, 0);
  if (fields.spent)
    yield { malformed: 'its fields unpack to far more than the file is; not all were read', offset: 0 };
}

/** An entry whose fields that were packed with xz are unpacked. */
export async function unpackFields(entry: JournalEntry): Promise<JournalEntry> {
  if (entry.packed.length === 0) return entry;
  const fields: (readonly [string, Buffer])[] = [];
  for (const { bytes, budget } of entry.packed) {
    if (budget.left < 0) continue;
    const payload = await unpackXz(bytes, longestField);
    budget.left -= payload?.length ?? longestField;
    const field = payload && splitField(payload);
    if (field !== undefined) fields.push(field);
  }
  const unreadable = entry.unreadable + entry.packed.length - fields.length;
  return { ...entry, fields: [...entry.fields, ...fields], unreadable, packed: [] };
}

/** Bytes that an entry holds. */
export function weightOf({ fields, packed }: JournalEntry): number {
  return [...fields.map(([, value]) => value), ...packed.map(({ bytes }) => bytes)].reduce(
    (sum, { length }) => sum + length,
    0,
  );
}

function objectAt(
  file: RandomAccess,
  offset: number,
): { type: number; flags: number; size: number } | undefined {
  const head = file.read(offset, objectHeader);
  if (head.length < objectHeader) return undefined;
  const type = head.readUInt8(0);
  const flags = head.readUInt8(1);
  const size = Number(head.readBigUInt64LE(8));
  if (type < 1 || type > 7 || flags > 7 || size < objectHeader || offset + size > file.size) return undefined;
  return head.readUInt32LE(2) === 0 && head.readUInt16LE(6) === 0 ? { type, flags, size } : undefined;
}

/** The next offset behind one at which something looks like an object; pieces of zeroes, of which files have megabytes, are passed over. */
function nextObject(file: RandomAccess, from: number): number | undefined {
  for (let piece = from + 8; piece + objectHeader <= file.size; piece += pieceBytes) {
    if (isZero(file.read(piece, pieceBytes))) continue;
    const end = Math.min(piece + pieceBytes, file.size - objectHeader + 1);
    for (let offset = piece; offset < end; offset += 8)
      if (objectAt(file, offset) !== undefined) return offset;
  }
  return undefined;
}

function isZeroFrom(file: RandomAccess, from: number): boolean {
  for (let piece = from; piece < file.size; piece += pieceBytes)
    if (!isZero(file.read(piece, pieceBytes))) return false;
  return true;
}

function readEntry(
  file: RandomAccess,
  header: JournalHeader,
  reader: FieldReader,
  offset: number,
  size: number,
): JournalEntry | undefined {
  const itemBytes = header.compact ? 4 : 16;
  const count = Math.floor((size - 64) / itemBytes);
  if (count < 0 || count > mostFields) return undefined;
  const entry = file.read(offset, 64 + count * itemBytes);
  const micros = Number(entry.readBigUInt64LE(24));
  const time = instantText(Math.floor(micros / 1e6), micros % 1_000_000, 6);
  if (time === undefined) return undefined;
  const fields: (readonly [string, Buffer])[] = [];
  const packed: PackedField[] = [];
  let unreadable = 0;
  let length = 0;
  for (let index = 0; index < count; index += 1) {
    const at = 64 + index * itemBytes;
    const target = header.compact ? entry.readUInt32LE(at) : Number(entry.readBigUInt64LE(at));
    const field = length > longestEntry ? undefined : reader.field(target);
    length += field === undefined ? 0 : Buffer.isBuffer(field) ? longestField : field[1].length;
    if (field === undefined) unreadable += 1;
    else if (Buffer.isBuffer(field)) packed.push({ bytes: field, budget: reader.budget });
    else fields.push(field);
  }
  return {
    seqnum: entry.readBigUInt64LE(16),
    time,
    monotonic: entry.readBigUInt64LE(32),
    boot: entry.toString('hex', 40, 56),
    fields,
    unreadable,
    packed,
    offset,
  };
}

/** Reads data objects, unpacked but for those of xz, whose packed bytes it gives. */
class FieldReader {
  readonly #file: RandomAccess;
  readonly #payload: number;
  readonly #kept = new Map<number, readonly [string, Buffer]>();
  #keptBytes = 0;
  /** Offsets of those that are damaged. */
  readonly #damaged = new Set<number>();
  readonly budget: Budget;

  constructor(file: RandomAccess, header: JournalHeader) {
    this.#file = file;
    this.#payload = header.compact ? 72 : 64;
    this.budget = { left: Math.max(leastBudget, mostGrowth * file.size) };
  }

  /** True when not all fields were read because they are too much. */
  get spent(): boolean {
    return this.budget.left < 0;
  }

  field(offset: number): readonly [string, Buffer] | Buffer | undefined {
    const kept = this.#kept.get(offset);
    if (kept !== undefined) return kept;
    if (this.spent || this.#damaged.has(offset)) return undefined;
    const object = offset % 8 === 0 ? objectAt(this.#file, offset) : undefined;
    const length = (object?.size ?? 0) - this.#payload;
    if (object?.type !== dataObject || length <= 0 || length > longestField) return undefined;
    const bytes = this.#file.read(offset + this.#payload, length);
    if (object.flags === xzFlag) {
      this.budget.left -= length;
      return Buffer.from(bytes);
    }
    const payload = unpacked(bytes, object.flags);
    // One that is damaged can have been unpacked almost to its end.
    this.budget.left -= payload?.length ?? longestField;
    const field = payload && splitField(payload);
    if (field === undefined) this.#damaged.add(offset);
    return field === undefined || field[1].length > keptLength ? field : this.#keep(offset, field);
  }

  #keep(offset: number, [name, value]: readonly [string, Buffer]): readonly [string, Buffer] {
    // A copy, as a view would keep a block of the file.
    const copy = [name, Buffer.from(value)] as const;
    if (this.#kept.size >= keptFields || this.#keptBytes > keptBytes) {
      this.#kept.clear();
      this.#keptBytes = 0;
    }
    this.#kept.set(offset, copy);
    this.#keptBytes += value.length;
    return copy;
  }
}

function unpacked(bytes: Buffer, flags: number): Buffer | undefined {
  if (flags === 0) return bytes;
  try {
    if (flags === zstdFlag) return zstdDecompressSync(bytes, { maxOutputLength: longestField });
  } catch {
    return undefined;
  }
  if (flags !== lz4Flag || bytes.length < 8) return undefined;
  const size = Number(bytes.readBigUInt64LE(0));
  return size > longestField ? undefined : unpackLz4(bytes.subarray(8), size);
}

function splitField(payload: Buffer): readonly [string, Buffer] | undefined {
  const equals = payload.indexOf(0x3d);
  return equals < 1 ? undefined : [payload.toString('latin1', 0, equals), payload.subarray(equals + 1)];
}
