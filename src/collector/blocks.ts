import { createHash, hash, type Hash } from 'node:crypto';
import { OperationError } from '../output/errors.ts';

/**
 * Most bytes of a block's records and of its data, which bounds what the parser holds at a time. The scripts send a block
 * once it holds 8 MiB (common.sh); a batch of small files may add up to 4 MiB to that (batch.sh).
 */
export const blockLimits = { records: 4 << 20, data: 12 << 20 } as const;

/** A block whose digests matched. Its buffers are reused for the next block, so copy what must outlive it. */
export interface Block {
  readonly records: Buffer;
  readonly data: Buffer;
}

/** The bytes are not what one of our scripts sent. */
export class FrameError extends OperationError {
  override readonly name = 'FrameError';
}

/** A block whose header has been read; `payload` fills as data arrives. */
interface PendingBlock {
  readonly payload: Buffer;
  readonly records: number;
  /** In hex, of the records and of the data. */
  readonly digests: readonly [string, string];
  /** Of the data so far. Hashed piece by piece, while each piece is still in the processor's cache. */
  readonly hash: Hash;
  filled: number;
}

/** `TOKEN NUMBER RECORDS DATA DIGEST DIGEST` with the longest values that are accepted. */
const longestHeader = 32 + 1 + 10 + 1 + 8 + 1 + 8 + 2 * (1 + 128);
const headerLine =
  /^([0-9a-f]{32}) ([1-9]\d{0,9}) (0|[1-9]\d{0,7}) (0|[1-9]\d{0,7}) ([0-9a-f]{64}|[0-9a-f]{128}) ([0-9a-f]{64}|[0-9a-f]{128})$/;

/**
 * Splits a stream into checked blocks. A block is a header line `TOKEN NUMBER RECORDS DATA DIGEST DIGEST` in ASCII, then
 * RECORDS + DATA bytes, then a line feed. The digests are those of the records and of the data, sha256 or sha512 by their
 * length: whichever the node computes faster. Blocks are numbered from 1. `push` yields the blocks that a piece of the
 * stream completes, and throws FrameError at the first byte that cannot be right.
 */
export class BlockReader {
  readonly #token: string;
  #number = 0;
  #header = Buffer.alloc(0);
  #pending: PendingBlock | undefined;
  /** Room for one block, used again for each. */
  #room = Buffer.alloc(0);

  constructor(token: string) {
    this.#token = token;
  }

  /** True when no byte of a next block has arrived. */
  get atBoundary(): boolean {
    return this.#header.length === 0 && this.#pending === undefined;
  }

  *push(chunk: Buffer): Generator<Block, void, undefined> {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#pending === undefined) {
        rest = this.#readHeader(rest);
        continue;
      }
      rest = rest.subarray(fill(this.#pending, rest));
      if (this.#pending.filled === this.#pending.payload.length) yield this.#complete();
    }
  }

  #readHeader(rest: Buffer): Buffer {
    const end = rest.indexOf(0x0a);
    const line = Buffer.concat([this.#header, end < 0 ? rest : rest.subarray(0, end)]);
    if (line.length > longestHeader) throw new FrameError('the stream holds bytes that are no block');
    if (end < 0) {
      this.#header = line;
      return rest.subarray(rest.length);
    }
    this.#header = Buffer.alloc(0);
    this.#pending = this.#begin(line.toString('latin1'));
    return rest.subarray(end + 1);
  }

  #begin(line: string): PendingBlock {
    const match = headerLine.exec(line);
    if (match?.[1] !== this.#token) throw new FrameError('the stream holds bytes that are no block');
    const [number, records, data] = [Number(match[2]), Number(match[3]), Number(match[4])];
    if (number !== this.#number + 1) {
      throw new FrameError(`block ${number} came where block ${this.#number + 1} was due`);
    }
    if (records > blockLimits.records || data > blockLimits.data) {
      throw new FrameError(`block ${number} claims to be larger than a block may be`);
    }
    this.#number = number;
    const digests = [match[5] ?? '', match[6] ?? ''] as const;
    const size = records + data + 1;
    if (this.#room.length < size) this.#room = Buffer.allocUnsafeSlow(size);
    const hash = createHash(algorithmOf(digests[1]));
    return { payload: this.#room.subarray(0, size), records, digests, hash, filled: 0 };
  }

  #complete(): Block {
    const pending = this.#pending;
    if (pending === undefined) throw new Error('no block is open');
    this.#pending = undefined;
    const end = pending.payload.length - 1;
    const records = pending.payload.subarray(0, pending.records);
    const data = pending.payload.subarray(pending.records, end);
    const [ofRecords, ofData] = pending.digests;
    const sound =
      hash(algorithmOf(ofRecords), records, 'hex') === ofRecords && pending.hash.digest('hex') === ofData;
    if (!sound || pending.payload[end] !== 0x0a) {
      throw new FrameError(`block ${this.#number} was changed on its way`);
    }
    return { records, data };
  }
}

/** Copies the part of `bytes` that belongs to the block; returns its length. */
function fill(block: PendingBlock, bytes: Buffer): number {
  const { payload, filled, records, hash } = block;
  const copied = bytes.copy(payload, filled);
  block.filled += copied;
  const data = payload.subarray(Math.max(records, filled), Math.min(block.filled, payload.length - 1));
  if (data.length > 0) hash.update(data);
  return copied;
}

function algorithmOf(digest: string): 'sha256' | 'sha512' {
  return digest.length === 64 ? 'sha256' : 'sha512';
}
