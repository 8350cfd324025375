import { ByteReader } from './byte-reader.ts';

/*
 * Node's decoder reads one frame, leaves out what follows it, and takes the end of a cut one for its end. So frames are
 * told apart here, by their block headers (RFC 8878, section 3.1): a piece that ends with its frame leaves nothing to leave out.
 */

const magic = 0xfd2fb528;
/** 0x184D2A50 to 0x184D2A5F: frames that hold no content. */
const skippable = 0x184d2a5;
const dictionarySizes = [0, 1, 2, 4] as const;
const contentSizes = [0, 2, 4, 8] as const;
const rawBlock = 0;
const rleBlock = 1;
const compressedBlock = 2;

/** Frames of a zstd stream one after the other, each as pieces that must be read before the next is asked for. */
export class ZstdFrames {
  readonly #reader: ByteReader;

  constructor(source: AsyncIterable<Buffer>) {
    this.#reader = new ByteReader(source);
  }

  /** The pieces of the next frame; undefined at the end. The pieces throw Error when the frame is cut or is none. */
  async next(): Promise<AsyncIterable<Buffer> | undefined> {
    for (;;) {
      if (await this.#reader.atEnd()) return undefined;
      const start = await this.#take(4);
      if (start.readUInt32LE() === magic) return this.#frame(start);
      if (start.readUInt32LE() >>> 4 !== skippable)
        throw new Error('there is something else behind the compressed data');
      const size = (await this.#take(4)).readUInt32LE();
      await this.#skip(size);
    }
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  async *#frame(start: Buffer): AsyncGenerator<Buffer> {
    const descriptor = await this.#take(1);
    const flags = descriptor.readUInt8();
    const single = (flags & 0x20) !== 0;
    const contentSize = contentSizes[(flags >>> 6) & 3] ?? 0;
    const size =
      (single ? 0 : 1) + (dictionarySizes[flags & 3] ?? 0) + (single && contentSize === 0 ? 1 : contentSize);
    yield Buffer.concat([start, descriptor, await this.#take(size)]);
    for (let last = false; !last;) {
      const header = await this.#take(3);
      const word = header.readUIntLE(0, 3);
      last = (word & 1) === 1;
      const type = (word >>> 1) & 3;
      if (type !== rawBlock && type !== rleBlock && type !== compressedBlock)
        throw new Error('the compressed data is damaged');
      yield header;
      yield* this.#pieces(type === rleBlock ? 1 : word >>> 3);
    }
    if ((flags & 4) !== 0) yield await this.#take(4);
  }

  async #skip(length: number): Promise<void> {
    const pieces = this.#pieces(length);
    while ((await pieces.next()).done !== true);
  }

  async *#pieces(length: number): AsyncGenerator<Buffer> {
    const start = this.#reader.offset;
    yield* this.#reader.pieces(length);
    if (this.#reader.offset - start < length) throw new Error('the compressed data is cut');
  }

  async #take(length: number): Promise<Buffer> {
    const bytes = await this.#reader.take(length);
    if (bytes.length < length) throw new Error('the compressed data is cut');
    return bytes;
  }
}
