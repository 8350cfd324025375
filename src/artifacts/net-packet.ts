import type { Malformed } from './lines.ts';
import { decimal, fields, hexadecimal, lines } from './lines.ts';

/** One row of /proc/net/packet: packet(7), net/packet/af_packet.c `packet_seq_show`. A sniffer has one. */
export interface PacketSocket {
  /** SOCK_* number: 2 dgram, 3 raw. */
  readonly type: number;
  /** Ethernet protocol, 3 for all. */
  readonly protocol: number;
  /** Interface index, 0 for all. */
  readonly interfaceIndex: number;
  readonly uid: number;
  readonly inode: number;
}

/** One row of /proc/net/netlink: netlink(7), net/netlink/af_netlink.c `netlink_native_seq_show`. */
export interface NetlinkSocket {
  /** NETLINK_* number. */
  readonly protocol: number;
  /** Port id; 0 for the kernel's own, often the pid of the process. */
  readonly portId: number;
  readonly inode: number;
}

/** The rows of the packet table. */
export function* parsePacket(bytes: Buffer): Generator<PacketSocket | Malformed> {
  for (const line of lines(bytes)) {
    const row = fields(line.bytes, 9)?.values ?? [];
    if (row[0] === 'sk') continue;
    const type = decimal(row[2]);
    const protocol = hexadecimal(row[3]);
    const interfaceIndex = decimal(row[4]);
    const uid = decimal(row[7]);
    const inode = decimal(row[8]);
    if (
      type === undefined ||
      protocol === undefined ||
      interfaceIndex === undefined ||
      uid === undefined ||
      inode === undefined
    )
      yield { malformed: 'no row of the packet socket table', offset: line.offset };
    else yield { type, protocol, interfaceIndex, uid, inode };
  }
}

/** The rows of the netlink table. */
export function* parseNetlink(bytes: Buffer): Generator<NetlinkSocket | Malformed> {
  for (const line of lines(bytes)) {
    const row = fields(line.bytes, 10)?.values ?? [];
    if (row[0] === 'sk') continue;
    const protocol = decimal(row[1]);
    const portId = decimal(row[2]);
    const inode = decimal(row[9]);
    if (protocol === undefined || portId === undefined || inode === undefined)
      yield { malformed: 'no row of the netlink socket table', offset: line.offset };
    else yield { protocol, portId, inode };
  }
}
