import type { Malformed } from './lines.ts';
import { decimal, fields, hexadecimal, lines } from './lines.ts';

/** One row of /proc/net/unix: proc_net(5), net/unix/af_unix.c `unix_seq_show`. */
export interface UnixSocket {
  readonly type: 'stream' | 'dgram' | 'seqpacket' | 'other';
  readonly listening: boolean;
  /** SS_* of include/uapi/linux/net.h: 1 unconnected, 2 connecting, 3 connected. */
  readonly state: number;
  readonly inode: number;
  /** Path as bound, raw bytes; abstract names begin with `@`. Undefined for unnamed sockets. */
  readonly path: Buffer | undefined;
}

const types: Readonly<Record<number, UnixSocket['type']>> = { 1: 'stream', 2: 'dgram', 5: 'seqpacket' };
/** __SO_ACCEPTCON of include/uapi/linux/net.h. */
const acceptConnections = 0x1_0000;

/** The rows of the table. The kernel prints paths as they are: one with a newline makes lines that are not the kernel's own. */
export function* parseUnix(bytes: Buffer): Generator<UnixSocket | Malformed> {
  for (const line of lines(bytes)) {
    const row = fields(line.bytes, 7);
    if (row?.values[0] === 'Num') continue;
    const flags = hexadecimal(row?.values[3]);
    const type = hexadecimal(row?.values[4]);
    const state = hexadecimal(row?.values[5]);
    const inode = decimal(row?.values[6]);
    if (
      !row?.values[0]?.endsWith(':') ||
      flags === undefined ||
      type === undefined ||
      state === undefined ||
      inode === undefined
    ) {
      yield { malformed: 'no row of the unix socket table', offset: line.offset };
      continue;
    }
    yield {
      type: types[type] ?? 'other',
      listening: Math.floor(flags / acceptConnections) % 2 === 1,
      state,
      inode,
      path: row.rest.length === 0 ? undefined : row.rest,
    };
  }
}
