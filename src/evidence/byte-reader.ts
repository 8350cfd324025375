/** Reads a stream in pieces of wanted length. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);
  #offset = 0;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#offset;
  }

  /** The next `length` bytes; fewer at the end. Good until more is read, where the source lends its pieces. */
  async take(length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.pieces(length)) {
      if (piece.length === length) return piece;
      // The source may use its memory again for what follows.
      pieces.push(Buffer.from(piece));
    }
    return Buffer.concat(pieces);
  }

  /** The next `length` bytes as they come; fewer at the end. */
  async *pieces(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0 && (await this.#fill());) {
      const piece = this.#held.subarray(0, left);
      this.#held = this.#held.subarray(piece.length);
      this.#offset += piece.length;
      left -= piece.length;
      yield piece;
    }
  }

  async atEnd(): Promise<boolean> {
    return !(await this.#fill());
  }

  /** Closes the source, read to its end or not. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #fill(): Promise<boolean> {
    while (this.#held.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) return false;
      this.#held = next.value;
    }
    return true;
  }
}
