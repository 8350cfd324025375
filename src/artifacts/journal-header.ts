/** What the header of a journal file says: systemd src/libsystemd/sd-journal/journal-def.h `Header`. */
export interface JournalHeader {
  /** `online`: journald was writing it when it was copied. */
  readonly state: 'offline' | 'online' | 'archived' | 'unknown';
  readonly machine: string;
  /** Files of one journald count their entries together: hex. */
  readonly sequence: string;
  /** Bytes of the header; the first object follows. */
  readonly size: number;
  /** Where the part that is used ends, whatever lies behind it. */
  readonly end: number;
  /** Offset of the last object. */
  readonly tail: number;
  readonly entries: bigint;
  readonly firstSeqnum: bigint;
  readonly lastSeqnum: bigint;
  /** Of the first and the last entry, microseconds since the epoch by the clock of the node. */
  readonly firstTime: bigint;
  readonly lastTime: bigint;
  /** True when offsets in it are 32 bits (HEADER_INCOMPATIBLE_COMPACT). */
  readonly compact: boolean;
}

const states = ['offline', 'online', 'archived'] as const;
const compactFlag = 16;
/** What this reader knows of: xz, lz4, keyed hashes, zstd, compact. */
const knownFlags = 1 | 2 | 4 | 8 | compactFlag;

/** The header at the start of a file; undefined when it is none or of a form that is not known here. */
export function parseJournalHeader(head: Buffer): JournalHeader | undefined {
  if (head.length < 208 || head.toString('latin1', 0, 8) !== 'LPKSHHRH') return undefined;
  const flags = head.readUInt32LE(12);
  const size = Number(head.readBigUInt64LE(88));
  if ((flags & ~knownFlags) !== 0 || size < 208 || size > 65_536) return undefined;
  return {
    state: states[head.readUInt8(16)] ?? 'unknown',
    machine: head.toString('hex', 40, 56),
    sequence: head.toString('hex', 72, 88),
    size,
    end: size + Number(head.readBigUInt64LE(96)),
    tail: Number(head.readBigUInt64LE(136)),
    entries: head.readBigUInt64LE(152),
    lastSeqnum: head.readBigUInt64LE(160),
    firstSeqnum: head.readBigUInt64LE(168),
    firstTime: head.readBigUInt64LE(184),
    lastTime: head.readBigUInt64LE(192),
    compact: (flags & compactFlag) !== 0,
  };
}
