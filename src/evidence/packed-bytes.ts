import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

/** Many times what the index of millions of items takes. */
const limit = 256 * 1024 * 1024;

/** A text that must be read again later and may lie nowhere on disk: compressed in memory, an index to a tenth. */
export class PackedBytes {
  readonly #pieces: readonly Buffer[];

  private constructor(pieces: readonly Buffer[]) {
    this.#pieces = pieces;
  }

  /** Keeps all of a stream. Throws Error when it is too large even so. */
  static async of(source: AsyncIterable<Buffer>): Promise<PackedBytes> {
    const pieces: Buffer[] = [];
    let size = 0;
    await pipeline(source, createGzip({ level: 1 }), async (packed: AsyncIterable<Buffer>) => {
      for await (const piece of packed) {
        size += piece.length;
        if (size > limit) throw new Error(`it is too large to be read out of an archive`);
        pieces.push(piece);
      }
    });
    return new PackedBytes(pieces);
  }

  /** The bytes, as often as asked. */
  async *read(): AsyncGenerator<Buffer> {
    const plain = createGunzip();
    const fed = pipeline(this.#pieces, plain);
    fed.catch(() => undefined);
    for await (const chunk of plain) yield chunk as Buffer;
  }
}
