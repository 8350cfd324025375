import { createHash, createHmac, webcrypto } from 'node:crypto';

/** What the library hands over to be hashed. */
type Data = string | ArrayBuffer | ArrayBufferView;

/** From here on it pays to hash on another thread. */
const large = 256 * 1024;

/**
 * SHA-256 and, with a secret, its HMAC, in the form that the storage library signs requests with. The bodies of requests,
 * which are large, are hashed in Node's thread pool, beside the reading and packing of what comes next.
 */
export class BodySha256 {
  readonly #secret: Buffer | undefined;
  #pieces: Buffer[] = [];

  constructor(secret?: Data) {
    this.#secret = secret === undefined ? undefined : bytesOf(secret);
  }

  update(data: Data): void {
    this.#pieces.push(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    if (this.#secret !== undefined) return fed(createHmac('sha256', this.#secret), this.#pieces);
    const [first] = this.#pieces;
    if (first === undefined || this.#pieces.length > 1 || first.length < large)
      return fed(createHash('sha256'), this.#pieces);
    return new Uint8Array(await webcrypto.subtle.digest('SHA-256', first));
  }

  reset(): void {
    this.#pieces = [];
  }
}

function fed(hash: ReturnType<typeof createHmac | typeof createHash>, pieces: readonly Buffer[]): Buffer {
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

function bytesOf(data: Data): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
