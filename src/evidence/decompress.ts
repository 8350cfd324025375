import { pipeline, Readable, type Duplex } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { ByteSource } from './byte-source.ts';
import { refuseBomb } from './expansion.ts';
import { ZstdFrames } from './zstd-frames.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

const chunkSize = 256 * 1024;

/**
 * The content of a compressed source from its beginning to its end. Throws Error when it is damaged, cut, or followed by
 * anything else (but zeros behind gzip), OperationError when it unpacks to far more than it is, or to more
 * than `bound` bytes.
 */
export async function* decompress(
  source: ByteSource,
  compression: Compression,
  bound = Infinity,
): AsyncGenerator<Buffer> {
  if (compression === 'none') {
    yield* source.read();
    return;
  }
  let packed = 0;
  let unpacked = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of source.read()) {
      packed += chunk.length;
      yield chunk;
    }
  }
  const plain = compression === 'gzip' ? gunzip(counted(), source) : unzstd(counted());
  for await (const chunk of plain) {
    unpacked += chunk.length;
    refuseBomb(source.name, packed, unpacked, bound);
    yield chunk;
  }
}

/** Node's decoder leaves out whatever follows a zero behind a member; Python looks there for a member more. */
async function* gunzip(bytes: AsyncIterable<Buffer>, source: ByteSource): AsyncGenerator<Buffer> {
  const decoder = createGunzip({ chunkSize });
  yield* through(bytes, decoder);
  for await (const rest of source.read(decoder.bytesWritten))
    if (!rest.every((byte) => byte === 0))
      // With the code of the decoder's own errors.
      throw Object.assign(new Error('there is something else behind the compressed data'), {
        code: 'Z_DATA_ERROR',
      });
}

async function* unzstd(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const frames = new ZstdFrames(source);
  try {
    yield* through(pieces(frames), createZstdDecompress({ chunkSize }));
  } finally {
    await frames.close();
  }
}

/** One decoder takes all frames, since none of the pieces that it gets reaches into the next one. */
async function* pieces(frames: ZstdFrames): AsyncGenerator<Buffer> {
  for (let frame = await frames.next(); frame !== undefined; frame = await frames.next()) yield* frame;
}

async function* through(source: AsyncIterable<Buffer>, decoder: Duplex): AsyncGenerator<Buffer> {
  pipeline(Readable.from(source), decoder, () => undefined);
  try {
    for await (const chunk of decoder) yield chunk as Buffer;
  } catch (error) {
    // What it unpacked before the damage may still lie in it.
    const rest: unknown = decoder.read();
    if (Buffer.isBuffer(rest)) yield rest;
    throw error;
  }
}
