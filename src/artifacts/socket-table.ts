import { type ByteOrder, byteOrderOf } from './byte-order.ts';
import type { Malformed } from './lines.ts';
import { isMalformed } from './lines.ts';
import type { InetSocket } from './net-inet.ts';
import { parseInet } from './net-inet.ts';
import type { NetlinkSocket, PacketSocket } from './net-packet.ts';
import { parseNetlink, parsePacket } from './net-packet.ts';
import type { UnixSocket } from './net-unix.ts';
import { parseUnix } from './net-unix.ts';
import { linkInode, procPath } from './proc-path.ts';
import type { ProcessRecord } from './process-table.ts';

/** One socket of a node with the processes that hold it. */
export type SocketRecord = (
  | ({
      readonly family:
        'tcp' | 'tcp6' | 'udp' | 'udp6' | 'udplite' | 'udplite6' | 'raw' | 'raw6' | 'icmp' | 'icmp6';
    } & InetSocket)
  | ({ readonly family: 'unix' } & UnixSocket)
  | ({ readonly family: 'packet' } & PacketSocket)
  | ({ readonly family: 'netlink' } & NetlinkSocket)
) & {
  /** Name of the item whose row it is. */
  readonly table: string;
  /** Inode of its network namespace; undefined when the process that the table was read through had gone. */
  readonly namespace: number | undefined;
  /** Holders by rising pid. Inodes of sockets are unique on the whole node. */
  readonly pids: readonly number[];
};

const cpuinfo = Buffer.from('[root]/proc/cpuinfo');
/** The namespace of the node's own tables: /proc/net is /proc/self/net (proc_net(5)). */
const ownNamespace = Buffer.from('[root]/proc/self/ns/net');
/** A namespace that was read by no process of its own, by its inode. */
const ofNamespace = /^live_response\/network\/netns\/([0-9]{1,15})\/([a-z0-9]+)$/;
const tableName = /^(tcp6?|udp6?|udplite6?|raw6?|icmp6?|unix|packet|netlink)$/;

/** Puts the sockets of one node together from the tables of its network namespaces. */
export class SocketTable {
  readonly #tables: (Table & { readonly bytes: Buffer })[] = [];

  #order: ByteOrder = 'little';
  #own: number | undefined;

  /**
   * True for the item names that `add` takes: `[root]/proc/PID/net/TABLE`, of the node itself `[root]/proc/net/TABLE`, of a
   * namespace without a process `live_response/network/netns/INODE/TABLE`, and `[root]/proc/cpuinfo`, which tells the byte
   * order of addresses.
   */
  static wants(name: Buffer): boolean {
    return name.equals(cpuinfo) || tableOf(name) !== undefined;
  }

  /** `name` tells the protocol, and the namespace or the process through which the table was read. */
  add(name: Buffer, bytes: Buffer): void {
    if (name.equals(cpuinfo)) this.#order = byteOrderOf(bytes);
    const table = tableOf(name);
    if (table !== undefined) this.#tables.push({ ...table, bytes });
  }

  /** Takes the link that tells in which namespace the node's own tables were read; any other is ignored. */
  addLink(name: Buffer, target: Buffer): void {
    if (name.equals(ownNamespace)) this.#own = linkInode(target, 'net');
  }

  /** Every row of every table, joined with the processes by inode; rows that are none as malformed. */
  *records(processes: readonly ProcessRecord[]): Generator<SocketRecord | Malformed> {
    const holders = holdersByInode(processes);
    const namespaces = new Map(processes.map((process) => [process.pid, process.namespaces.get('net')]));
    // Earlier acquisitions have no such link; those of a node have its process 1, which is in the same namespace.
    const own = this.#own ?? namespaces.get(1);
    for (const { table, of, family, bytes } of this.#tables) {
      const namespace = of === 'node' ? own : 'pid' in of ? namespaces.get(of.pid) : of.namespace;
      for (const row of rows(family, bytes, this.#order)) {
        if (isMalformed(row)) yield row;
        else yield { ...row, table, namespace, pids: row.inode === 0 ? [] : (holders.get(row.inode) ?? []) };
      }
    }
  }
}

interface Table {
  readonly table: string;
  readonly of: 'node' | { readonly pid: number } | { readonly namespace: number };
  readonly family: SocketRecord['family'];
}

function tableOf(name: Buffer): Table | undefined {
  const text = name.toString('latin1');
  const [, inode, last] = ofNamespace.exec(text) ?? [];
  if (inode !== undefined) return named(text, { namespace: Number(inode) }, last);
  const own = '[root]/proc/net/';
  if (text.startsWith(own)) return named(text, 'node', text.slice(own.length));
  const path = procPath(name);
  return path?.rest.startsWith('net/') === true
    ? named(text, { pid: path.pid }, path.rest.slice(4))
    : undefined;
}

function named(table: string, of: Table['of'], last = ''): Table | undefined {
  const family = tableName.exec(last)?.[1];
  return family === undefined ? undefined : { table, of, family: family as SocketRecord['family'] };
}

type Row = SocketRecord extends infer S
  ? S extends unknown
    ? Omit<S, 'table' | 'namespace' | 'pids'>
    : never
  : never;

function* rows(family: SocketRecord['family'], bytes: Buffer, order: ByteOrder): Generator<Row | Malformed> {
  switch (family) {
    case 'unix':
      for (const row of parseUnix(bytes)) yield isMalformed(row) ? row : { family, ...row };
      return;
    case 'packet':
      for (const row of parsePacket(bytes)) yield isMalformed(row) ? row : { family, ...row };
      return;
    case 'netlink':
      for (const row of parseNetlink(bytes)) yield isMalformed(row) ? row : { family, ...row };
      return;
    default:
      for (const row of parseInet(bytes, order)) yield isMalformed(row) ? row : { family, ...row };
  }
}

function holdersByInode(processes: readonly ProcessRecord[]): Map<number, number[]> {
  const holders = new Map<number, number[]>();
  for (const process of processes)
    for (const inode of process.sockets) {
      const pids = holders.get(inode);
      if (pids === undefined) holders.set(inode, [process.pid]);
      else pids.push(process.pid);
    }
  return holders;
}
