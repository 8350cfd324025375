import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';

/** Content of one frame. A larger one compresses hardly better. */
const frameSize = 2 * 1024 * 1024;
/** Frames under way: so many are made at once as there are processors, of the four threads of Node's pool, and one waits for them. */
const mostFrames = Math.min(availableParallelism(), 4) + 1;
/** At zstd's usual level, with its checksum, so that `zstd -t` checks the content. */
const options = {
  chunkSize: frameSize / 4,
  params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
};
const compressFrame = promisify(zstdCompress) as (
  content: Buffer,
  frameOptions: typeof options,
) => Promise<Buffer>;

/** A frame that is being made, and the buffer that its content is in. */
interface Making {
  readonly frame: Promise<Buffer>;
  readonly buffer: Buffer;
}

/**
 * Compresses a stream with zstd (RFC 8878) on all processors: one frame for each 2 MiB, one behind the other, which every
 * reader of zstd takes for one stream. The same content gives the same bytes, however it comes. Memory is bounded.
 */
export async function* compressZstd(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const free: Buffer[] = [];
  const making: Making[] = [];
  const nextBuffer = (): Buffer => free.pop() ?? Buffer.allocUnsafeSlow(frameSize);
  const make = (buffer: Buffer, length: number): void => {
    const frame = compressFrame(buffer.subarray(0, length), options);
    // It is awaited later; until then a rejection is nobody's.
    frame.catch(() => undefined);
    making.push({ frame, buffer });
  };
  async function* finish(left: number): AsyncGenerator<Buffer> {
    while (making.length > left) {
      const [{ frame, buffer }] = making.splice(0, 1) as [Making];
      yield await frame;
      free.push(buffer);
    }
  }
  let buffer = nextBuffer();
  let length = 0;
  let isEmpty = true;
  for await (const chunk of source)
    for (let at = 0; at < chunk.length;) {
      isEmpty = false;
      const taken = chunk.copy(buffer, length, at);
      at += taken;
      length += taken;
      if (length < frameSize) continue;
      make(buffer, length);
      yield* finish(mostFrames);
      buffer = nextBuffer();
      length = 0;
    }
  if (length > 0 || isEmpty) make(buffer, length);
  yield* finish(0);
}
