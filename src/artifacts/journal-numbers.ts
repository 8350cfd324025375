import { type JournalHeader, parseJournalHeader } from './journal-header.ts';
import { isZero } from './record-layout.ts';

/** Entries of a journal file, one behind the other, whose numbers have no hole. */
export interface JournalRun {
  readonly first: bigint;
  last: bigint;
  /** Microseconds since the epoch by the clock of the node. */
  readonly firstTime: bigint;
  lastTime: bigint;
  /** Boot of the first and the last of them, hex. */
  readonly firstBoot: string;
  lastBoot: string;
}

const headerBytes = 272;
const zeroBytes = 64;
/** Of an entry, up to its boot: systemd src/libsystemd/sd-journal/journal-def.h `EntryObject`. */
const entryBytes = 56;
const entryObject = 3;
const leastEntrySize = 64;
/** More runs of one file are not held. */
const mostRuns = 50_000;

/**
 * Reads the numbers of the entries of a journal file, in the order of the file, from its bytes in pieces of any length. Objects are
 * gone through as `parseJournal` does, whatever is damaged between them, without a look at the fields.
 */
export class JournalNumbers {
  /** Undefined when the file is none of a form that is known. */
  header: JournalHeader | undefined;
  readonly runs: JournalRun[] = [];
  entries = 0n;
  /** Of more than are held there may be numbers up to the last of the header. */
  tooMany = false;
  readonly #size: number;
  #rest = Buffer.alloc(0);
  /** Offset in the file of the first byte of `#rest`, or of what is to be skipped. */
  #offset = 0;
  #skip = 0;
  #ended = false;
  #boot = Buffer.alloc(16);
  #bootText = '0'.repeat(32);

  /** `size`: bytes of the file. */
  constructor(size: number) {
    this.#size = size;
  }

  push(chunk: Buffer): void {
    if (this.#ended) return;
    const skipped = Math.min(this.#skip, chunk.length);
    this.#skip -= skipped;
    this.#offset += skipped;
    const fresh = chunk.subarray(skipped);
    const bytes = this.#rest.length === 0 ? fresh : Buffer.concat([this.#rest, fresh]);
    const used = this.#read(bytes);
    this.#offset += Math.min(used, bytes.length);
    this.#skip += Math.max(used - bytes.length, 0);
    // A view of a piece would keep all of it.
    this.#rest = Buffer.from(bytes.subarray(Math.min(used, bytes.length)));
  }

  /** Reads objects as far as they are there; how many bytes are done with, which may lie behind the end. */
  #read(bytes: Buffer): number {
    let at = 0;
    if (this.header === undefined) {
      if (bytes.length < headerBytes) return 0;
      this.header = parseJournalHeader(bytes.subarray(0, headerBytes));
      if (this.header === undefined) {
        this.#ended = true;
        return 0;
      }
      at = this.header.size;
    }
    while (at + entryBytes <= bytes.length) {
      const offset = this.#offset + at;
      const size = Number(bytes.readBigUInt64LE(at + 8));
      if (!isObject(bytes, at, size) || offset + size > this.#size) {
        // Behind the last object lie megabytes of zeroes that were set aside.
        const zeroes = at + zeroBytes <= bytes.length && isZero(bytes.subarray(at, at + zeroBytes));
        at += zeroes ? zeroBytes : 8;
        continue;
      }
      if (bytes.readUInt8(at) === entryObject && size >= leastEntrySize) this.#add(bytes, at);
      at += Math.ceil(size / 8) * 8;
    }
    return at;
  }

  #add(bytes: Buffer, at: number): void {
    this.entries += 1n;
    const number = bytes.readBigUInt64LE(at + 16);
    const time = bytes.readBigUInt64LE(at + 24);
    if (bytes.compare(this.#boot, 0, 16, at + 40, at + 56) !== 0) {
      bytes.copy(this.#boot, 0, at + 40, at + 56);
      this.#bootText = this.#boot.toString('hex');
    }
    const boot = this.#bootText;
    const run = this.runs.at(-1);
    if (run !== undefined && number === run.last + 1n) {
      run.last = number;
      run.lastTime = time;
      run.lastBoot = boot;
    } else if (this.runs.length >= mostRuns) this.tooMany = true;
    else
      this.runs.push({
        ...{ first: number, last: number, firstTime: time, lastTime: time },
        ...{ firstBoot: boot, lastBoot: boot },
      });
  }
}

function isObject(bytes: Buffer, at: number, size: number): boolean {
  const type = bytes.readUInt8(at);
  const plain = bytes.readUInt32LE(at + 2) === 0 && bytes.readUInt16LE(at + 6) === 0;
  return plain && type >= 1 && type <= 7 && bytes.readUInt8(at + 1) <= 7 && size >= 16;
}
