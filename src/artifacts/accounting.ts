import { instantText } from './instant.ts';
import { untilNul } from './lastlog.ts';
import type { Malformed } from './lines.ts';
import { present } from './present.ts';

/** A program that ended: acct(5), include/uapi/linux/acct.h `struct acct_v3`. */
export interface AccountedProcess {
  /** Up to 15 bytes of its name, raw. */
  readonly command: Buffer;
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number;
  readonly gid: number;
  /** Device number of its terminal; missing when it had none. */
  readonly tty?: number;
  /** When it started, RFC 3339 in UTC. */
  readonly started: string;
  /** Ticks of 1/100 second (AHZ): from start to end, and in user and system mode. */
  readonly elapsed: number;
  readonly user: number;
  readonly system: number;
  /** As wait(2) gives it. */
  readonly status: number;
  /** Never called exec; used the rights of root; dumped core; was killed by a signal. */
  readonly flags: readonly ('forked' | 'root' | 'core' | 'signal')[];
}

/** Bytes of a record. */
export const accountingRecord = 64;
const flagBits = [
  [0x01, 'forked'],
  [0x02, 'root'],
  [0x08, 'core'],
  [0x10, 'signal'],
] as const;

/** The records of a file, of either byte order: ACCT_BYTEORDER is a bit of each. */
export function* parseAccounting(bytes: Buffer): Generator<AccountedProcess | Malformed> {
  for (let offset = 0; offset < bytes.length; offset += accountingRecord) {
    const record = bytes.subarray(offset, offset + accountingRecord);
    if (record.length < accountingRecord) yield { malformed: 'cut record', offset };
    else yield readRecord(record) ?? { malformed: 'no record of process accounting', offset };
  }
}

function readRecord(record: Buffer): AccountedProcess | undefined {
  const version = record.readUInt8(1);
  if ((version & 0x7f) !== 3) return undefined;
  const big = version >= 0x80;
  const u16 = (at: number): number => (big ? record.readUInt16BE(at) : record.readUInt16LE(at));
  const u32 = (at: number): number => (big ? record.readUInt32BE(at) : record.readUInt32LE(at));
  const elapsed = big ? record.readFloatBE(28) : record.readFloatLE(28);
  const started = instantText(u32(24));
  if (started === undefined || !Number.isFinite(elapsed)) return undefined;
  const flags = record.readUInt8(0);
  return {
    command: untilNul(record.subarray(48)),
    pid: u32(16),
    ppid: u32(20),
    uid: u32(8),
    gid: u32(12),
    ...present({ tty: u16(2) === 0 ? undefined : u16(2) }),
    started,
    elapsed,
    user: ticks(u16(32)),
    system: ticks(u16(34)),
    status: u32(4),
    flags: flagBits.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name),
  };
}

/** `comp_t`: 13 bits, and 3 bits of an exponent of 8. */
function ticks(compressed: number): number {
  return (compressed & 0x1fff) * 8 ** (compressed >> 13);
}
