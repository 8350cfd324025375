import { instantText } from './instant.ts';

/** Seconds from the first of January of the year 1 to the epoch. */
const before = 62_135_596_800n;

/**
 * A time as Go writes it in binary, RFC 3339 in UTC with nanoseconds (Go, time/time.go `MarshalBinary`: version, seconds since the
 * year 1, nanoseconds, offset of the zone). Undefined for none, which is zero, and for anything else.
 */
export function goTime(bytes: Buffer): string | undefined {
  const version = bytes[0];
  if (!((version === 1 && bytes.length === 15) || (version === 2 && bytes.length === 16))) return undefined;
  const seconds = bytes.readBigInt64BE(1);
  const nanoseconds = bytes.readInt32BE(9);
  if (seconds <= 0n || nanoseconds < 0 || nanoseconds >= 1e9) return undefined;
  return instantText(Number(seconds - before), nanoseconds, 9);
}
