import { Readable } from 'node:stream';
import { ApiError } from '../output/errors.ts';

/** All bytes of a stream. Destroys it and throws ApiError when there are more than `limit`. */
export async function readAll(body: Readable, limit: number): Promise<Buffer> {
  const { bytes, complete } = await readStart(body, limit);
  if (!complete) throw new ApiError(`the server's answer is larger than ${limit} bytes`, { status: 0 });
  return bytes;
}

/** The first `limit` bytes of a stream, and whether that was all; the stream is destroyed when it was not. */
export async function readStart(
  body: Readable,
  limit: number,
): Promise<{ bytes: Buffer; complete: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    const room = limit - size;
    chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    size += chunk.length;
    if (size > limit) return { bytes: Buffer.concat(chunks), complete: false };
  }
  return { bytes: Buffer.concat(chunks, size), complete: true };
}

/** The same bytes, with errors of the stream replaced by what `translate` makes of them. */
export function translateErrors(body: Readable, translate: (error: unknown) => unknown): Readable {
  async function* chunks(): AsyncGenerator<Buffer> {
    try {
      yield* body as AsyncIterable<Buffer>;
    } catch (error) {
      throw translate(error);
    }
  }
  const translated = Readable.from(chunks(), { objectMode: false });
  body.on('error', () => undefined);
  translated.once('close', () => body.destroy());
  return translated;
}
