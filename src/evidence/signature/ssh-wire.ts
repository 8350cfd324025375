/** A string of the SSH wire format (RFC 4251, 5): its length in four bytes, then its bytes. */
export function sshString(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([sshUint32(bytes.length), bytes]);
}

/** A uint32 of the SSH wire format. */
export function sshUint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A positive mpint (RFC 4251, 5): no leading zeros but the one that keeps the sign bit clear. */
export function sshMpint(magnitude: Uint8Array): Buffer {
  const bytes = withoutZeros(magnitude);
  return sshString((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** Bytes of a positive number without leading zeros. */
function withoutZeros(magnitude: Uint8Array): Buffer {
  const from = magnitude.findIndex((byte) => byte !== 0);
  return Buffer.from(from === -1 ? [] : magnitude.subarray(from));
}

/** What was read is no value of the wire format. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** Reads values of the SSH wire format one after the other. Throws WireError where they end early. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw new WireError('ends too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  byte(): number {
    return this.take(1).readUInt8();
  }

  uint32(): number {
    return this.take(4).readUInt32BE();
  }

  string(): Buffer {
    return this.take(this.uint32());
  }

  text(): string {
    return this.string().toString('latin1');
  }

  /** Magnitude of an mpint; a negative one or one with needless zeros is refused. */
  mpint(): Buffer {
    const bytes = this.string();
    const first = bytes[0] ?? 1;
    if (first >= 0x80 || (first === 0 && (bytes[1] ?? 0) < 0x80)) throw new WireError('holds a wrong number');
    return withoutZeros(bytes);
  }

  /** Throws WireError when anything follows. */
  end(): void {
    if (!this.atEnd) throw new WireError('is followed by more');
  }
}
