import type { ByteOrder } from './byte-order.ts';
import type { Malformed } from './lines.ts';
import { decimal, fields, hexadecimal, lines } from './lines.ts';

/** One row of /proc/net/{tcp,tcp6,udp,udp6,udplite,raw,raw6}: proc_net(5), Documentation/networking/proc_net_tcp.rst. */
export interface InetSocket {
  /** Dotted or RFC 5952 text. */
  readonly localAddress: string;
  /** For raw sockets the protocol number. */
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Name as in include/net/tcp_states.h; udp and raw use ESTABLISHED for connected and CLOSE for not. */
  readonly state: string;
  readonly uid: number;
  /** 0 when no process holds it any more, such as in TIME_WAIT. */
  readonly inode: number;
}

const states = [
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'NEW_SYN_RECV',
  'BOUND_INACTIVE',
] as const;

/**
 * The rows of one table. Addresses are printed as native-endian 32-bit words, so a big-endian node (s390x)
 * needs `order` `big`; ports are in host order.
 */
export function* parseInet(bytes: Buffer, order: ByteOrder = 'little'): Generator<InetSocket | Malformed> {
  for (const line of lines(bytes)) {
    const row = fields(line.bytes, 10)?.values;
    if (row?.[0] === 'sl') continue;
    const local = endpoint(row?.[1], order);
    const remote = endpoint(row?.[2], order);
    const state = hexadecimal(row?.[3]);
    const uid = decimal(row?.[7]);
    const inode = decimal(row?.[9]);
    if (!local || !remote || state === undefined || uid === undefined || inode === undefined) {
      yield { malformed: 'no row of a socket table', offset: line.offset };
      continue;
    }
    yield {
      localAddress: local.address,
      localPort: local.port,
      remoteAddress: remote.address,
      remotePort: remote.port,
      state: states[state - 1] ?? `0x${state.toString(16)}`,
      uid,
      inode,
    };
  }
}

function endpoint(text: string | undefined, order: ByteOrder): { address: string; port: number } | undefined {
  const match = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/i.exec(text ?? '');
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const bytes = Buffer.from(match[1], 'hex');
  if (order === 'little') bytes.swap32();
  const address = bytes.length === 4 ? bytes.join('.') : ipv6(bytes);
  return { address, port: Number.parseInt(match[2], 16) };
}

/** RFC 5952 text of 16 address bytes, with IPv4-mapped addresses in their dotted form. */
export function ipv6(bytes: Buffer): string {
  if (bytes.subarray(0, 12).equals(Buffer.from('00000000000000000000ffff', 'hex')))
    return `::ffff:${bytes.subarray(12).join('.')}`;
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2));
  const run = longestZeroRun(groups);
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (run.length < 2) return text(groups);
  return `${text(groups.slice(0, run.start))}::${text(groups.slice(run.start + run.length))}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, i) => {
    if (group !== 0) start = i + 1;
    else if (i + 1 - start > best.length) best = { start, length: i + 1 - start };
  });
  return best;
}
