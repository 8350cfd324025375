import { crc32, deflateRawSync } from 'node:zlib';

/** A member of a zip, and where its header is to say something else than the directory. */
export interface Member {
  readonly name: string;
  readonly text: string;
  readonly localName?: string;
  readonly localSize?: number;
  readonly localFlags?: number;
  /** Extra fields, in the directory. */
  readonly extra?: Buffer;
  /** Extra fields, in the header. */
  readonly localExtra?: Buffer;
  /** Attributes by the rules of DOS, and above them those of Unix. */
  readonly attributes?: number;
  /** CRC-32 of the content, in both places. */
  readonly sum?: number;
  /** Compressed, with this behind the compressed data. */
  readonly deflated?: Buffer;
  /** General purpose flags, in the header and the directory. */
  readonly flags?: number;
  /** Stands in no directory. */
  readonly unlisted?: boolean;
}

export interface MadeZip {
  readonly bytes: Buffer;
  readonly directory: Buffer;
  readonly end: Buffer;
}

/** Size of the record at the end of a zip (APPNOTE.TXT 4.3.16). */
export const endSize = 22;

/** A zip as its writer wants it, right or not (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16), with `before` and `behind` around its members. */
export function makeZip(members: readonly Member[], { before = '', behind = '' } = {}): MadeZip {
  const locals: Buffer[] = [Buffer.from(before)];
  const entries: Buffer[] = [];
  let offset = before.length;
  for (const {
    name,
    text,
    localName = name,
    extra = Buffer.alloc(0),
    deflated,
    sum = crc32(text),
    unlisted = false,
    ...local
  } of members) {
    const method = deflated === undefined ? 0 : 8;
    const data = deflated === undefined ? Buffer.from(text) : Buffer.concat([deflateRawSync(text), deflated]);
    const common = (flags: number, size: number): Buffer => {
      const bytes = Buffer.alloc(22);
      bytes.writeUInt16LE(20, 0);
      bytes.writeUInt16LE(flags, 2);
      bytes.writeUInt16LE(method, 4);
      bytes.writeUInt32LE(sum, 10);
      bytes.writeUInt32LE(data.length, 14);
      bytes.writeUInt32LE(size, 18);
      return bytes;
    };
    const lengths = Buffer.alloc(4);
    const {
      localSize = text.length,
      flags = 0,
      localFlags = flags,
      localExtra = Buffer.alloc(0),
      attributes = 0,
    } = local;
    lengths.writeUInt16LE(Buffer.byteLength(localName), 0);
    lengths.writeUInt16LE(localExtra.length, 2);
    const header = Buffer.concat([
      Buffer.from('PK\x03\x04'),
      common(localFlags, localSize),
      lengths,
      Buffer.from(localName),
      localExtra,
      data,
    ]);
    const rest = Buffer.alloc(18);
    rest.writeUInt16LE(Buffer.byteLength(name), 0);
    rest.writeUInt16LE(extra.length, 2);
    rest.writeUInt32LE(attributes, 10);
    rest.writeUInt32LE(offset, 14);
    const made = Buffer.from('\x14\x00');
    if (!unlisted)
      entries.push(
        Buffer.concat([
          Buffer.from('PK\x01\x02'),
          made,
          common(flags, text.length),
          rest,
          Buffer.from(name),
          extra,
        ]),
      );
    locals.push(header);
    offset += header.length;
  }
  locals.push(Buffer.from(behind));
  offset += behind.length;
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(endSize);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return { bytes: Buffer.concat([...locals, directory, end]), directory, end };
}

/** The extra field that gives a member another name (APPNOTE.TXT 4.6.9). */
export function unicodePath(name: string, other: string): Buffer {
  const bytes = Buffer.alloc(9 + Buffer.byteLength(other));
  bytes.writeUInt16LE(0x7075, 0);
  bytes.writeUInt16LE(bytes.length - 4, 2);
  bytes.writeUInt8(1, 4);
  bytes.writeUInt32LE(crc32(name), 5);
  bytes.write(other, 9);
  return bytes;
}

/** The extra field that gives a member sizes of eight bytes (APPNOTE.TXT 4.5.3). */
export function largeSizes(size: number, compressed: number): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt16LE(1, 0);
  bytes.writeUInt16LE(16, 2);
  bytes.writeBigUInt64LE(BigInt(size), 4);
  bytes.writeBigUInt64LE(BigInt(compressed), 12);
  return bytes;
}
