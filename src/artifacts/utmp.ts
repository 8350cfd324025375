import type { Malformed } from './lines.ts';
import { clearestLayout, isZero, type RecordLayout } from './record-layout.ts';

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

/** What is taken where the file does not tell. */
export const x86Logins: RecordLayout = { bytes: 384, order: 'little' };

/** Where time is 32 bits in the file (x86, arm32, ppc64, riscv64), where it is 64 (arm64 and newer ones), and the same of s390x. */
export const loginLayouts: readonly RecordLayout[] = [
  x86Logins,
  { bytes: 400, order: 'little' },
  { bytes: 400, order: 'big' },
];

/** 1 January 2000: a record with a time before it was written by a clock that was not set, or is none. */
const sensible = 946_684_800;

/** The layout of a piece of a file by what its records look like; undefined when they don't tell, as wiped ones. */
export function loginLayout(piece: Buffer): RecordLayout | undefined {
  return clearestLayout(loginLayouts, piece, (record, layout) => {
    const read = readRecord(record, layout, 0);
    if (read === undefined || read.type === 'empty' || read.seconds <= 0) return 0;
    return read.seconds >= sensible && read.seconds < 2 ** 32 ? 2 : 1;
  });
}

/** The records of a file. Wiped (all zero) and cut records are told as malformed. */
export function* parseLogins(
  bytes: Buffer,
  layout = loginLayout(bytes) ?? x86Logins,
): Generator<LoginRecord | Malformed> {
  for (let offset = 0; offset < bytes.length; offset += layout.bytes) {
    const record = bytes.subarray(offset, offset + layout.bytes);
    if (record.length < layout.bytes) yield { malformed: 'cut record', offset };
    else if (isZero(record)) yield { malformed: 'record of zeroes', offset };
    else yield readRecord(record, layout, offset) ?? { malformed: 'no login record', offset };
  }
}

function readRecord(record: Buffer, { bytes, order }: RecordLayout, offset: number): LoginRecord | undefined {
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  const little = order === 'little';
  const type = types[view.getInt16(0, little)];
  if (type === undefined) return undefined;
  const long = (at: number): number => Number(view.getBigInt64(at, little));
  const { session, seconds, microseconds } =
    bytes === 384
      ? {
          session: view.getInt32(336, little),
          seconds: view.getUint32(340, little),
          microseconds: view.getInt32(344, little),
        }
      : { session: long(336), seconds: long(344), microseconds: long(352) };
  if (microseconds < 0 || microseconds >= 1_000_000 || !Number.isSafeInteger(seconds)) return undefined;
  return {
    type,
    pid: view.getInt32(4, little),
    line: text(record, 8, 32),
    id: text(record, 40, 4),
    user: text(record, 44, 32),
    host: text(record, 76, 256),
    session,
    seconds,
    microseconds,
    address: address(record.subarray(bytes === 384 ? 348 : 360)),
    offset,
  };
}

function text(record: Buffer, start: number, length: number): Buffer {
  const field = record.subarray(start, start + length);
  const nul = field.indexOf(0);
  return nul < 0 ? field : field.subarray(0, nul);
}

/** IPv4 when the last three of the four words are zero. */
function address(field: Buffer): Buffer {
  const bytes = field.subarray(0, 16);
  if (isZero(bytes)) return bytes.subarray(0, 0);
  return isZero(bytes.subarray(4)) ? bytes.subarray(0, 4) : bytes;
}
