import { isIPv4, isIPv6 } from 'node:net';
import type { HostLink } from '../link.ts';
import { isLinkName, isMac } from '../link-name.ts';
import { probeMark, tableNames } from '../names.ts';

/** What the rules of one pod are made of; everything is checked again when text is made of it. */
export interface RuleInput {
  readonly uid: string;
  /** Host sides of the pod's links. */
  readonly links: readonly HostLink[];
  /** The pod's own names of its links, loopback left out. */
  readonly inner: readonly string[];
  /** Address that the kubelet probes. */
  readonly address: string;
  /** TCP ports the kubelet probes; none means no exception at all. */
  readonly ports: readonly number[];
  /** The node's own addresses. */
  readonly nodeAddresses: readonly string[];
  /** The one of them that the node's packets to the pod come from. */
  readonly probeSource?: string;
  /** False on a kernel before 5.16, whose netdev family has no egress hook. */
  readonly egress: boolean;
}

/** Families of nftables that we put tables in. */
export type RuleFamily = 'inet' | 'netdev' | 'bridge';

/** Before anything else on the node looks at a packet, between the two counters. */
export const cutPriority = -500;
/** Routing is over, and the mark (300) is set: the last that our own host can do with a packet of its own. */
export const outputPriority = 310;

/** Neither a request for a new connection nor the reply to one that the pod asked for. */
const notBareSyn = 'tcp flags & (syn | ack) != syn';

/** Deletes the table when there is one: "add" of an existing table is no error, so this works either way. */
export function replaced(family: RuleFamily, table: string): string[] {
  return [`add table ${family} ${table}`, `delete table ${family} ${table}`];
}

/** Packets that a socket of the node sends to a probe port get our mark; it does not survive a change of network namespace. */
export function markTable(input: RuleInput): string[] {
  if (input.ports.length === 0) return [];
  const { mark } = tableNames(input.uid);
  return [
    ...replaced('inet', mark),
    `table inet ${mark} {`,
    '  chain output { type filter hook output priority 300; policy accept;',
    `    ${toProbePort(input)} meta mark set meta mark and 0x0000ffff or ${hex(probeMark)}`,
    '  }',
    '}',
  ];
}

/** Node address and port that probes come from, with the port they go to. */
export function probeSet(input: RuleInput): string {
  return `  set probing { type ${family(input).type} . inet_service . inet_service; size 4096; flags dynamic,timeout; timeout 2m; }`;
}

/** Notes where a probe comes from, for its reply. */
export function noteProbe(input: RuleInput): string {
  return `update @probing { ${family(input).ip} saddr . tcp sport . tcp dport }`;
}

/** What the node itself sends to a probe port, by its mark. */
export function markedProbe(input: RuleInput): string {
  return `meta mark and 0xffff0000 == ${hex(probeMark)} ${toProbePort(input)}`;
}

/** By its addresses alone: not to be told from what the node only hands on. */
export function toProbePort(input: RuleInput): string {
  return `${family(input).ip} daddr ${input.address} tcp dport { ${probePorts(input)} }`;
}

/** What might answer a probe: TCP from a probe port that opens no connection. */
export function fromProbePort(input: RuleInput): string {
  return `${family(input).ip} saddr ${input.address} tcp sport { ${probePorts(input)} } ${notBareSyn}`;
}

/** The answer to a probe that was noted. */
export function noted(input: RuleInput, not: '' | '!= '): string {
  return `${family(input).ip} daddr . tcp dport . tcp sport ${not}@probing`;
}

/**
 * The node's addresses; 169.254.0.0/16 too, where routed networks keep the gateway and no pod has an address;
 * for IPv6 the groups that solicitations go to (RFC 4291, 2.7.1).
 */
export function nodeSet(input: RuleInput): string {
  const { type, four } = family(input);
  const own = input.nodeAddresses.filter((address) => (four ? isIPv4(address) : isPlainIPv6(address)));
  const elements = [...own, four ? '169.254.0.0/16' : 'ff02::1:ff00:0/104'];
  return `  set node { type ${type}; flags interval; auto-merge; elements = { ${elements.join(', ')} }; }`;
}

/** Address resolution between the pod and its node: ARP (RFC 826) or neighbour discovery (RFC 4861). */
export function neighbour(input: RuleInput, direction: 'from' | 'to'): string {
  const side = direction === 'from' ? 'daddr' : 'saddr';
  if (family(input).four) return `arp ${side} ip @node`;
  return `icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 ip6 ${side} @node`;
}

/** Sends a frame that is let through to the node and nobody else on the bridge, whoever it was for. */
export function toNodeOnly(link: HostLink): string {
  if (link.mac === undefined) return '';
  if (!isMac(link.mac)) throw new Error('the hardware address of a link is none');
  return `ether daddr set ${link.mac} `;
}

/** Type and word of the family of the probed address. */
export function family(input: Pick<RuleInput, 'address'>): {
  ip: 'ip' | 'ip6';
  type: string;
  four: boolean;
} {
  if (isIPv4(input.address)) return { ip: 'ip', type: 'ipv4_addr', four: true };
  if (isPlainIPv6(input.address)) return { ip: 'ip6', type: 'ipv6_addr', four: false };
  throw new Error('the address of the pod is none');
}

/** `isIPv6` also takes a zone, which may hold any text. */
export function isPlainIPv6(address: string): boolean {
  return isIPv6(address) && !address.includes('%');
}

/** A name in quotes. Throws Error for one that is not plain. */
export function quoted(name: string): string {
  if (!isLinkName(name)) throw new Error('the links of the pod have no usable names');
  return `"${name}"`;
}

/** `{ "veth1", "veth2" }` */
export function quotedAll(names: readonly string[]): string {
  return `{ ${names.map(quoted).join(', ')} }`;
}

function probePorts(input: RuleInput): string {
  const ports = input.ports.map((port) => {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('a probe port is no port');
    return port;
  });
  return ports.join(', ');
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
