import { instantText } from './instant.ts';
import type { Malformed } from './lines.ts';
import { clearestLayout, isZero, type RecordLayout } from './record-layout.ts';

/** When an account was last used: lastlog(8), glibc bits/utmp.h `struct lastlog`. */
export interface LastLogin {
  readonly uid: number;
  /** RFC 3339 in UTC. */
  readonly time: string;
  /** Raw bytes up to the first NUL. */
  readonly line: Buffer;
  readonly host: Buffer;
}

/** What is taken where the file does not tell. */
export const x86Lastlog: RecordLayout = { bytes: 292, order: 'little' };

/** Where time is 32 bits in the file (x86-64), where it is 64 (arm64), and the same of s390x. */
export const lastlogLayouts: readonly RecordLayout[] = [
  x86Lastlog,
  { bytes: 296, order: 'little' },
  { bytes: 296, order: 'big' },
];

const single = /^live_response\/system\/lastlog\/(292|296)\/([0-9]{1,10})$/;

/** The layout of a piece of the file by what its records look like; undefined when they don't tell. */
export function lastlogLayout(piece: Buffer): RecordLayout | undefined {
  return clearestLayout(lastlogLayouts, piece, (record, layout) => (isSound(record, layout) ? 1 : 0));
}

/**
 * The records of a piece of the file that starts with the record of account `firstUid`; those of accounts that were never
 * used are zero and left out.
 */
export function* parseLastlog(
  bytes: Buffer,
  layout = lastlogLayout(bytes) ?? x86Lastlog,
  firstUid = 0,
): Generator<LastLogin | Malformed> {
  for (let offset = 0; offset < bytes.length; offset += layout.bytes) {
    const record = bytes.subarray(offset, offset + layout.bytes);
    if (record.length < layout.bytes) {
      yield { malformed: 'cut record', offset };
      return;
    }
    if (isZero(record)) continue;
    yield readRecord(record, layout, firstUid + offset / layout.bytes) ?? { malformed: 'no time', offset };
  }
}

/**
 * The record of one account by the name of its item, `live_response/system/lastlog/BYTES/UID`: of a file too long to be taken whole
 * each account's is, once for each length of a record, and only one of the two places holds it. Undefined for other items.
 */
export function parseOneOfLastlog(bytes: Buffer, path: Buffer): (LastLogin | Malformed)[] | undefined {
  const [, length, uid] = single.exec(path.toString('latin1')) ?? [];
  if (length === undefined || uid === undefined) return undefined;
  if (isZero(bytes)) return [];
  const layout = lastlogLayouts.find(
    (one) => one.bytes === Number(length) && bytes.length === one.bytes && isSound(bytes, one),
  );
  const record = layout && readRecord(bytes, layout, Number(uid));
  return [record ?? { malformed: `no record of ${length} bytes`, offset: 0 }];
}

function readRecord(record: Buffer, layout: RecordLayout, uid: number): LastLogin | undefined {
  const time = instantText(secondsOf(record, layout));
  const text = layout.bytes - 288;
  if (time === undefined) return undefined;
  return {
    uid,
    time,
    line: untilNul(record.subarray(text, text + 32)),
    host: untilNul(record.subarray(text + 32)),
  };
}

function secondsOf(record: Buffer, { bytes, order }: RecordLayout): number {
  if (bytes === 292) return record.readUInt32LE(0);
  return Number(order === 'little' ? record.readBigInt64LE(0) : record.readBigInt64BE(0));
}

/** True for what a login wrote: a time that 32 bits hold, and two texts with nothing but NUL behind them. */
function isSound(record: Buffer, layout: RecordLayout): boolean {
  const seconds = secondsOf(record, layout);
  if (seconds <= 0 || seconds >= 2 ** 32) return false;
  const text = layout.bytes - 288;
  return [record.subarray(text, text + 32), record.subarray(text + 32)].every((field) => {
    const written = untilNul(field);
    return isZero(field.subarray(written.length)) && written.every((byte) => byte >= 0x20 && byte !== 0x7f);
  });
}

/** The bytes of a field of fixed length up to its first NUL. */
export function untilNul(field: Buffer): Buffer {
  const nul = field.indexOf(0);
  return nul < 0 ? field : field.subarray(0, nul);
}
