import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { lanesFor } from './part-size.ts';
import type { PutPart, StorageObject, StoredPart } from './storage-object.ts';

/** What was put. */
export interface PutParts {
  readonly parts: readonly PutPart[];
  readonly size: number;
  readonly crc32: number;
  /** Parts that the storage had already, from an upload that was cut. */
  readonly kept: number;
}

/**
 * Puts a stream as the parts of an upload, several at once, and leaves out those that the storage has already with the
 * same bytes. Memory is bounded by the parts under way. Throws the first error, when no part is under way any more.
 */
export async function putParts(
  object: StorageObject,
  { uploadId, partSize }: { readonly uploadId: string; readonly partSize: number },
  bytes: AsyncIterable<Buffer>,
  stored: ReadonlyMap<number, StoredPart>,
): Promise<PutParts> {
  const lanes = new Lanes(lanesFor(partSize));
  const parts: PutPart[] = [];
  let size = 0;
  let whole = 0;
  let kept = 0;
  try {
    for await (const { buffer, length, last } of cut(bytes, partSize, () => lanes.buffer(partSize))) {
      const number = parts.length + 1;
      const part = buffer.subarray(0, length);
      const crc = crc32(part);
      size += length;
      whole = crc32(part, whole);
      const there = stored.get(number);
      const index = parts.push({ number, etag: there?.etag ?? '', crc32: crc }) - 1;
      if (there !== undefined && isSame(there, part, crc)) {
        kept += 1;
        lanes.giveBack(buffer);
      } else
        lanes.start(buffer, async () => {
          parts[index] = { number, etag: await object.put(uploadId, number, part, crc), crc32: crc };
        });
      if (last) break;
    }
  } finally {
    await lanes.settled();
  }
  lanes.throwFailure();
  return { parts, size, crc32: whole, kept };
}

/** By its CRC-32; where the storage keeps none, by the MD5 that an ETag of a part is. */
function isSame(stored: StoredPart, part: Buffer, crc: number): boolean {
  if (stored.size !== part.length) return false;
  if (stored.crc32 !== undefined) return stored.crc32 === crc;
  return stored.etag.replaceAll('"', '') === createHash('md5').update(part).digest('hex');
}

interface Cut {
  readonly buffer: Buffer;
  readonly length: number;
  readonly last: boolean;
}

/** A stream cut into buffers of one size; the last is shorter, and the only one of an empty stream is empty. */
async function* cut(
  bytes: AsyncIterable<Buffer>,
  partSize: number,
  nextBuffer: () => Promise<Buffer>,
): AsyncGenerator<Cut> {
  let buffer: Buffer | undefined;
  let length = 0;
  let full: Buffer | undefined;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length;) {
      if (full !== undefined) {
        yield { buffer: full, length: partSize, last: false };
        full = undefined;
      }
      buffer ??= await nextBuffer();
      const taken = chunk.copy(buffer, length, at);
      at += taken;
      length += taken;
      if (length < partSize) continue;
      full = buffer;
      buffer = undefined;
      length = 0;
    }
  }
  if (full !== undefined) yield { buffer: full, length: partSize, last: true };
  else yield { buffer: buffer ?? (await nextBuffer()), length, last: true };
}

/** Work on a bounded number of buffers at once. */
class Lanes {
  readonly #free: Buffer[] = [];
  readonly #most: number;
  readonly #running = new Set<Promise<void>>();
  #made = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(lanes: number) {
    // One buffer is filled while the others are under way.
    this.#most = lanes + 1;
  }

  /** A buffer that is free, once there is one. Throws the failure of earlier work. */
  async buffer(size: number): Promise<Buffer> {
    while (this.#free.length === 0 && this.#made === this.#most && this.#failure === undefined)
      await Promise.race(this.#running);
    this.throwFailure();
    const free = this.#free.pop();
    if (free !== undefined) return free;
    this.#made += 1;
    return Buffer.allocUnsafeSlow(size);
  }

  giveBack(buffer: Buffer): void {
    this.#free.push(buffer);
  }

  start(buffer: Buffer, work: () => Promise<void>): void {
    const running = work().then(
      () => {
        this.#running.delete(running);
        this.giveBack(buffer);
      },
      (error: unknown) => {
        this.#running.delete(running);
        this.#failure ??= { error };
      },
    );
    this.#running.add(running);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
