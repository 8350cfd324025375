import { constants, createZstdCompress, type ZstdCompress } from 'node:zlib';

/** Content of one frame. A larger one compresses hardly better. */
const frameSize = 2 * 1024 * 1024;
/** One is filled while Node's pool, which has four threads, makes the others; with fewer its threads wait for the main one. */
const laneCount = 5;
/** At zstd's usual level, with its checksum, so that `zstd -t` checks the content. */
const options = {
  chunkSize: frameSize,
  params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
};

/**
 * Compresses a stream with zstd (RFC 8878) on all processors: one frame for each 2 MiB, one behind the other, which every
 * reader of zstd takes for one stream. The same content gives the same bytes, however it comes. Memory is bounded; a piece
 * of the source is not needed any more when the next is asked for.
 */
export async function* compressZstd(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const lanes = Array.from({ length: laneCount }, () => new Lane());
  const making: Promise<Buffer>[] = [];
  let made = 0;
  let length = 0;
  const lane = (): Lane => lanes[made % laneCount] as Lane;
  const make = (): void => {
    const frame = lane().make(length);
    // It is awaited later; until then a rejection is nobody's.
    frame.catch(() => undefined);
    making.push(frame);
    made += 1;
    length = 0;
  };
  try {
    for await (const chunk of source)
      for (let at = 0; at < chunk.length;) {
        const taken = chunk.copy(lane().content, length, at);
        at += taken;
        length += taken;
        if (length < frameSize) continue;
        make();
        if (making.length === laneCount) yield await (making.shift() as Promise<Buffer>);
      }
    if (length > 0 || made === 0) make();
    for (const frame of making) yield await frame;
  } finally {
    for (const each of lanes) each.close();
  }
}

/** Makes one frame after the other, always with the same memory. */
class Lane {
  /** What the next frame is made of is written here. */
  readonly content = Buffer.allocUnsafeSlow(frameSize);
  readonly #packer: ZstdCompress = createZstdCompress(options);
  #pieces: Buffer[] = [];
  #fail: (error: Error) => void = () => undefined;

  constructor() {
    this.#packer.on('data', (piece: Buffer) => this.#pieces.push(piece));
    this.#packer.on('error', (error) => this.#fail(error));
  }

  /** A frame of the first `length` bytes of the content, which must stay until it is made. */
  make(length: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      if (length > 0) this.#packer.write(this.content.subarray(0, length));
      this.#packer.flush(constants.ZSTD_e_end, () => {
        const pieces = this.#pieces.splice(0);
        const [only] = pieces;
        resolve(pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces));
      });
    });
  }

  close(): void {
    this.#packer.destroy();
  }
}
