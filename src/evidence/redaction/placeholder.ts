import { createHmac } from 'node:crypto';

/** A keyed hash that is being fed. */
type KeyedHash = ReturnType<typeof createHmac>;

/** Digits of a placeholder: enough that two values of a case do not meet by chance. */
const digits = 16;

/**
 * What stands in place of values: a keyed hash, so that equal values stay equal wherever they stand, and nobody without
 * the key can try out what they were.
 */
export class Placeholders {
  readonly #key: Buffer;
  #count = 0;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** Placeholders given so far. */
  get count(): number {
    return this.#count;
  }

  /** `[redacted:…]` for these bytes. */
  of(value: Uint8Array): string {
    const hash = this.begin();
    hash.update(value);
    return this.end(hash);
  }

  /** The same for a value that comes in pieces. */
  begin(): KeyedHash {
    return createHmac('sha256', this.#key);
  }

  end(hash: KeyedHash): string {
    this.#count += 1;
    return `[redacted:${hash.digest('hex').slice(0, digits)}]`;
  }
}
