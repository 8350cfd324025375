import type { Malformed } from './lines.ts';

/** One record of utmp, wtmp or btmp: utmp(5), glibc bits/utmp.h and sysdeps utmp-size.h. */
export interface LoginRecord {
  readonly type: (typeof types)[number];
  readonly pid: number;
  /** Terminal, raw bytes up to the first NUL; so are the next three. */
  readonly line: Buffer;
  readonly id: Buffer;
  readonly user: Buffer;
  readonly host: Buffer;
  readonly session: number;
  /** Seconds and microseconds since the epoch. */
  readonly seconds: number;
  readonly microseconds: number;
  /** 4 or 16 bytes in network order; empty when the record has none. */
  readonly address: Buffer;
  /** Offset of the record in the file. */
  readonly offset: number;
}

export const types = [
  'empty',
  'run-level',
  'boot',
  'new-time',
  'old-time',
  'init',
  'login',
  'user',
  'dead',
  'accounting',
] as const;

/** Bytes of a record: 384 where time is 32 bits in the file (x86, arm32, ppc64, riscv64), 400 on arm64, s390x and newer ones. */
export type LoginLayout = 384 | 400;

/**
 * The layout that fits a file: the one whose first records are more often sound; when both fit equally, the one that
 * divides the file's length; else 384.
 */
export function loginLayout(bytes: Buffer): LoginLayout {
  const narrow = soundRecords(bytes, 384);
  const wide = soundRecords(bytes, 400);
  if (narrow !== wide) return narrow > wide ? 384 : 400;
  return bytes.length % 384 !== 0 && bytes.length % 400 === 0 ? 400 : 384;
}

/** The records of a file, little-endian. Wiped (all zero) and cut records are told as malformed. */
export function* parseLogins(bytes: Buffer, layout = loginLayout(bytes)): Generator<LoginRecord | Malformed> {
  for (let offset = 0; offset < bytes.length; offset += layout) {
    const record = bytes.subarray(offset, offset + layout);
    if (record.length < layout) yield { malformed: 'cut record', offset };
    else if (record.every((byte) => byte === 0)) yield { malformed: 'record of zeroes', offset };
    else yield readRecord(record, layout, offset) ?? { malformed: 'no login record', offset };
  }
}

function readRecord(record: Buffer, layout: LoginLayout, offset: number): LoginRecord | undefined {
  const type = types[record.readInt16LE(0)];
  const time =
    layout === 384
      ? { seconds: record.readUInt32LE(340), microseconds: record.readInt32LE(344) }
      : { seconds: Number(record.readBigInt64LE(344)), microseconds: Number(record.readBigInt64LE(352)) };
  if (type === undefined || time.microseconds < 0 || time.microseconds >= 1_000_000) return undefined;
  if (!Number.isSafeInteger(time.seconds)) return undefined;
  return {
    type,
    pid: record.readInt32LE(4),
    line: text(record, 8, 32),
    id: text(record, 40, 4),
    user: text(record, 44, 32),
    host: text(record, 76, 256),
    session: layout === 384 ? record.readInt32LE(336) : Number(record.readBigInt64LE(336)),
    ...time,
    address: address(record.subarray(layout === 384 ? 348 : 360)),
    offset,
  };
}

/** How many of the first 16 records are sound and not all zero. */
function soundRecords(bytes: Buffer, layout: LoginLayout): number {
  let sound = 0;
  for (let i = 0; i < 16 && (i + 1) * layout <= bytes.length; i += 1) {
    const record = bytes.subarray(i * layout, (i + 1) * layout);
    const read = readRecord(record, layout, 0);
    if (read !== undefined && read.type !== 'empty' && read.seconds > 0) sound += 1;
  }
  return sound;
}

function text(record: Buffer, start: number, length: number): Buffer {
  const field = record.subarray(start, start + length);
  const nul = field.indexOf(0);
  return nul < 0 ? field : field.subarray(0, nul);
}

/** IPv4 when the last three of the four words are zero. */
function address(field: Buffer): Buffer {
  const bytes = field.subarray(0, 16);
  if (bytes.every((byte) => byte === 0)) return bytes.subarray(0, 0);
  return bytes.subarray(4).every((byte) => byte === 0) ? bytes.subarray(0, 4) : bytes;
}
