import { instantText } from './instant.ts';
import type { Malformed } from './lines.ts';

/** When an account was last used: lastlog(8), glibc bits/utmp.h `struct lastlog`. */
export interface LastLogin {
  readonly uid: number;
  /** RFC 3339 in UTC. */
  readonly time: string;
  /** Raw bytes up to the first NUL. */
  readonly line: Buffer;
  readonly host: Buffer;
}

/** Bytes of a record: 292 where time is 32 bits in the file, 296 where it is 64. */
export type LastlogLayout = 292 | 296;

/** The layout that divides the file; 292 when both or none do. */
export function lastlogLayout(size: number): LastlogLayout {
  return size % 292 !== 0 && size % 296 === 0 ? 296 : 292;
}

/**
 * The records of a piece of the file that starts with the record of account `firstUid`; those of accounts that were never
 * used are zero and left out.
 */
export function* parseLastlog(
  bytes: Buffer,
  layout: LastlogLayout = lastlogLayout(bytes.length),
  firstUid = 0,
): Generator<LastLogin | Malformed> {
  const text = layout - 288;
  for (let offset = 0; offset < bytes.length; offset += layout) {
    const record = bytes.subarray(offset, offset + layout);
    if (record.length < layout) {
      yield { malformed: 'cut record', offset };
      return;
    }
    if (isZero(record)) continue;
    const seconds = layout === 292 ? record.readUInt32LE(0) : Number(record.readBigInt64LE(0));
    const time = instantText(seconds);
    if (time === undefined) yield { malformed: 'no time', offset };
    else
      yield {
        uid: firstUid + offset / layout,
        time,
        line: untilNul(record.subarray(text, text + 32)),
        host: untilNul(record.subarray(text + 32)),
      };
  }
}

function isZero(record: Buffer): boolean {
  return record.every((byte) => byte === 0);
}

/** The bytes of a field of fixed length up to its first NUL. */
export function untilNul(field: Buffer): Buffer {
  const nul = field.indexOf(0);
  return nul < 0 ? field : field.subarray(0, nul);
}
