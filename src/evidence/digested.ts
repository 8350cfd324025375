import { createHash } from 'node:crypto';

/** Counts and hashes bytes that pass through. */
export class Digested {
  readonly #hash = createHash('sha256');
  #size = 0;
  #sha256: string | undefined;

  /** Bytes that passed so far. */
  get size(): number {
    return this.#size;
  }

  /** sha256 in hex of all bytes, once they have passed. */
  get sha256(): string {
    if (this.#sha256 === undefined) throw new Error('the digest was asked for before the end');
    return this.#sha256;
  }

  /** The same bytes; may be read once. */
  async *through(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of bytes) {
      this.#hash.update(chunk);
      this.#size += chunk.length;
      yield chunk;
    }
    this.#sha256 = this.#hash.digest('hex');
  }
}
