import { zstdCompressSync } from 'node:zlib';

/** A text, and what xz made of it without a check (`lzma.compress(text, check=CHECK_NONE, preset=0)` of Python). */
export const xzSample = {
  text: Buffer.concat([
    Buffer.from(`MESSAGE=${'abcabcabcd'.repeat(60)}`),
    Buffer.from(Array.from({ length: 40 }, (_, index) => index)),
  ]),
  packed: Buffer.from(
    '/Td6WFoAAAD/EtlBAgAhAQwAAACPmEGc4AKHAD9dACaRRqzQb3S4pf7qy067K9wQ9RbADe8BySIaNOjSAQOQPnMBsCGmt058NqU87yWgcztxRX/DMzQEmCZxRHp++gAAAAFTiAUAAADlpQf/qAAK/AIAAAAAAFla',
    'base64',
  ),
} as const;

/** One block of LZ4 that holds the bytes: greedy, with matches of at least four bytes up to 60 KiB back. */
export function packLz4(bytes: Buffer): Buffer {
  const pieces: Buffer[] = [];
  const lengths = (length: number): Buffer =>
    length < 15
      ? Buffer.alloc(0)
      : Buffer.from([...Array<number>(Math.floor((length - 15) / 255)).fill(255), (length - 15) % 255]);
  const seen = new Map<string, number>();
  let start = 0;
  const put = (end: number, distance: number, length: number): void => {
    const literals = end - start;
    const match = length === 0 ? 0 : length - 4;
    pieces.push(
      Buffer.from([(Math.min(literals, 15) << 4) | Math.min(match, 15)]),
      lengths(literals),
      bytes.subarray(start, end),
    );
    if (length > 0) pieces.push(Buffer.from([distance & 255, distance >> 8]), lengths(match));
  };
  for (let at = 0; at + 4 <= bytes.length;) {
    const key = bytes.toString('latin1', at, at + 4);
    const before = seen.get(key);
    seen.set(key, at);
    if (before === undefined || at - before > 60_000) {
      at += 1;
      continue;
    }
    let length = 4;
    while (at + length < bytes.length && bytes[before + length] === bytes[at + length]) length += 1;
    put(at, at - before, length);
    at += length;
    start = at;
  }
  put(bytes.length, 0, 0);
  return Buffer.concat(pieces);
}

type Packing = 'none' | 'xz' | 'lz4' | 'zstd';

interface SampleEntry {
  readonly seconds: number;
  readonly fields: readonly { readonly text: string | Buffer; readonly packing?: Packing }[];
}

const flags = { none: 0, xz: 1, lz4: 2, zstd: 4 } as const;

/** A journal file as journald lays it out, with nothing but what a reader of its objects needs: no index of any kind. */
export function journalFile(entries: readonly SampleEntry[], { compact = false } = {}): Buffer {
  const headerSize = 272;
  const objects: Buffer[] = [];
  let offset = headerSize;
  let tail = 0;
  const put = (type: number, flag: number, body: Buffer): number => {
    const size = 16 + body.length;
    const object = Buffer.alloc(Math.ceil(size / 8) * 8);
    object.writeUInt8(type, 0);
    object.writeUInt8(flag, 1);
    object.writeBigUInt64LE(BigInt(size), 8);
    body.copy(object, 16);
    objects.push(object);
    tail = offset;
    offset += object.length;
    return tail;
  };
  entries.forEach(({ seconds, fields }, index) => {
    const places = fields.map(({ text, packing = 'none' }) =>
      put(
        1,
        flags[packing],
        Buffer.concat([Buffer.alloc(compact ? 56 : 48), packed(Buffer.from(text), packing)]),
      ),
    );
    const body = Buffer.alloc(48 + places.length * (compact ? 4 : 16));
    body.writeBigUInt64LE(BigInt(index + 1), 0);
    body.writeBigUInt64LE(BigInt(seconds) * 1_000_000n + 42n, 8);
    body.writeBigUInt64LE(77n, 16);
    body.fill(0xab, 24, 40);
    places.forEach((place, item) => {
      if (compact) body.writeUInt32LE(place, 48 + 4 * item);
      else body.writeBigUInt64LE(BigInt(place), 48 + 16 * item);
    });
    put(3, 0, body);
  });
  const header = Buffer.alloc(headerSize);
  header.write('LPKSHHRH');
  header.writeUInt32LE(compact ? 16 | 8 : 8, 12);
  header.writeUInt8(1, 16);
  header.fill(0xcd, 40, 56);
  header.writeBigUInt64LE(BigInt(headerSize), 88);
  header.writeBigUInt64LE(BigInt(offset - headerSize + 4096), 96);
  header.writeBigUInt64LE(BigInt(tail), 136);
  header.writeBigUInt64LE(BigInt(entries.length), 152);
  return Buffer.concat([header, ...objects, Buffer.alloc(4096)]);
}

function packed(text: Buffer, packing: Packing): Buffer {
  switch (packing) {
    case 'none':
      return text;
    case 'zstd':
      return zstdCompressSync(text);
    case 'lz4': {
      const size = Buffer.alloc(8);
      size.writeBigUInt64LE(BigInt(text.length));
      return Buffer.concat([size, packLz4(text)]);
    }
    case 'xz':
      return xzSample.packed;
  }
}
