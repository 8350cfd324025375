import { isIPv4, isIPv6 } from 'node:net';
import { probeMark, tableNames } from './names.ts';

/** What the rules of one pod are made of; everything is checked again when text is made of it. */
export interface RuleInput {
  readonly uid: string;
  /** Host sides of the pod's links. */
  readonly links: readonly string[];
  /** Address that the kubelet probes. */
  readonly address: string;
  /** TCP ports the kubelet probes; none means no exception at all. */
  readonly ports: readonly number[];
  /** The node's own addresses. */
  readonly nodeAddresses: readonly string[];
}

/** The counters lie around the drop, so that they see what was tried and what passed. */
export const stages = { tried: -600, passed: -400 } as const;
export type Stage = keyof typeof stages;

/** `from` the pod is the ingress hook of the host's side, `to` the pod its egress hook. */
export const directions = { from: 'ingress', to: 'egress' } as const;
export type Direction = keyof typeof directions;

/** Before anything else on the node looks at a packet, between the two counters. */
const cutPriority = -500;
/** Flows told apart per set; more are counted together under their protocol. */
const flowLimit = 2048;

/** Name of a counting set; `4` and `6` hold flows, `other` the rest of IP by protocol, `frames` what is not IP. */
export function counterSet(stage: Stage, direction: Direction, what: '4' | '6' | 'other' | 'frames'): string {
  return `${stage}-${direction}-${what}`;
}

/**
 * The cut, loaded in one transaction: on the host side of the pod's links everything is dropped in both directions but
 * what the node itself sends to probe ports, the replies to exactly those (never a bare SYN), and the address
 * resolution that needs (ARP, RFC 826; neighbour discovery, RFC 4861) with the node's own addresses.
 * With `counting` the flow counters are emptied in the same transaction. Egress hooks of the netdev family need Linux 5.16.
 * Throws Error for a part that is not what it should be.
 */
export function cutRules(input: RuleInput, counting: boolean): string {
  const { cut } = tableNames(input.uid);
  const devices = devicesOf(input);
  const probing = input.ports.length > 0;
  return [
    ...(counting ? flushes(input.uid) : []),
    ...markTable(input),
    ...replaced('netdev', cut),
    `table netdev ${cut} {`,
    ...(probing ? [neighbourSet(input), probeSet(input)] : []),
    `  chain from-pod { type filter hook ingress ${devices} priority ${cutPriority}; policy drop;`,
    ...(probing ? [`    ${neighbour(input, 'from')} accept`, `    ${reply(input)} accept`] : []),
    '  }',
    `  chain to-pod { type filter hook egress ${devices} priority ${cutPriority}; policy drop;`,
    ...(probing ? [`    ${neighbour(input, 'to')} accept`, `    ${probe(input)} accept`] : []),
    '  }',
    '}',
    '',
  ].join('\n');
}

/**
 * Counters of what the pod sends and gets, before the cut's place (`tried`) and after it (`passed`).
 * The kubelet's probes, ARP and neighbour discovery are not counted.
 */
export function countRules(input: RuleInput): string {
  const { count } = tableNames(input.uid);
  const devices = devicesOf(input);
  const sides = counters();
  return [
    ...markTable(input),
    ...replaced('netdev', count),
    `table netdev ${count} {`,
    ...(input.ports.length > 0 ? [probeSet(input)] : []),
    ...sides.flatMap(([stage, direction]) => counterSets(stage, direction)),
    ...sides.flatMap(([stage, direction]) => [
      `  chain ${stage}-${direction} { type filter hook ${directions[direction]} ${devices} priority ${stages[stage]}; policy accept;`,
      ...(input.ports.length > 0 ? [`    ${direction === 'from' ? reply(input) : probe(input)} return`] : []),
      '    meta protocol arp return',
      '    meta protocol ip6 icmpv6 type { 133-137, 143 } return',
      ...(['4', '6'] as const).map((family) => {
        const ip = family === '4' ? 'ip' : 'ip6';
        const set = counterSet(stage, direction, family);
        return `    meta protocol ${ip} meta l4proto { tcp, udp } update @${set} { ${ip} saddr . meta l4proto . th sport . ${ip} daddr . th dport } return`;
      }),
      `    meta protocol { ip, ip6 } update @${counterSet(stage, direction, 'other')} { meta protocol . meta l4proto } return`,
      `    update @${counterSet(stage, direction, 'frames')} { meta protocol }`,
      '  }',
    ]),
    '}',
    '',
  ].join('\n');
}

function counters(): (readonly [Stage, Direction])[] {
  return (['tried', 'passed'] as const).flatMap((stage) =>
    (['from', 'to'] as const).map((side) => [stage, side] as const),
  );
}

function flushes(uid: string): string[] {
  const { count } = tableNames(uid);
  return counters().flatMap(([stage, side]) =>
    (['4', '6', 'other', 'frames'] as const).map(
      (what) => `flush set netdev ${count} ${counterSet(stage, side, what)}`,
    ),
  );
}

function counterSets(stage: Stage, direction: Direction): string[] {
  const flow = (ip: string): string =>
    `ipv${ip}_addr . inet_proto . inet_service . ipv${ip}_addr . inet_service`;
  const kinds = {
    '4': flow('4'),
    '6': flow('6'),
    other: 'ether_type . inet_proto',
    frames: 'ether_type',
  } as const;
  return (['4', '6', 'other', 'frames'] as const).map(
    (what) =>
      `  set ${counterSet(stage, direction, what)} { type ${kinds[what]}; size ${flowLimit}; flags dynamic; counter; }`,
  );
}

/** Deletes the table when there is one: "add" of an existing table is no error, so this works either way. */
function replaced(family: string, table: string): string[] {
  return [`add table ${family} ${table}`, `delete table ${family} ${table}`];
}

/** Packets that a socket of the node sends to a probe port get our mark; a mark does not survive a change of network namespace. */
function markTable(input: RuleInput): string[] {
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
function probeSet(input: RuleInput): string {
  return `  set probing { type ${family(input).type} . inet_service . inet_service; size 4096; flags dynamic,timeout; timeout 2m; }`;
}

function probe(input: RuleInput): string {
  const { ip } = family(input);
  return `meta mark and 0xffff0000 == ${hex(probeMark)} ${toProbePort(input)} update @probing { ${ip} saddr . tcp sport . tcp dport }`;
}

function reply(input: RuleInput): string {
  const { ip } = family(input);
  return `${ip} saddr ${input.address} tcp flags & (syn | ack) != syn ${ip} daddr . tcp dport . tcp sport @probing`;
}

function toProbePort(input: RuleInput): string {
  const ports = input.ports.map((port) => {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('a probe port is no port');
    return port;
  });
  return `${family(input).ip} daddr ${input.address} tcp dport { ${ports.join(', ')} }`;
}

/**
 * The node's addresses; 169.254.0.0/16 too, where routed networks keep the gateway and no pod has an address;
 * for IPv6 the groups that solicitations go to (RFC 4291, 2.7.1).
 */
function neighbourSet(input: RuleInput): string {
  const { type, four } = family(input);
  const own = input.nodeAddresses.filter((address) => (four ? isIPv4(address) : isPlainIPv6(address)));
  const elements = [...own, four ? '169.254.0.0/16' : 'ff02::1:ff00:0/104'];
  return `  set node { type ${type}; flags interval; auto-merge; elements = { ${elements.join(', ')} }; }`;
}

function neighbour(input: RuleInput, direction: Direction): string {
  if (family(input).four) return `arp ${direction === 'from' ? 'daddr' : 'saddr'} ip @node`;
  const resolution = 'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255';
  return direction === 'from' ? `${resolution} ip6 daddr @node` : `${resolution} ip6 saddr @node`;
}

function family(input: RuleInput): { ip: 'ip' | 'ip6'; type: string; four: boolean } {
  if (isIPv4(input.address)) return { ip: 'ip', type: 'ipv4_addr', four: true };
  if (isPlainIPv6(input.address)) return { ip: 'ip6', type: 'ipv6_addr', four: false };
  throw new Error('the address of the pod is none');
}

/** `isIPv6` also takes a zone, which may hold any text. */
function isPlainIPv6(address: string): boolean {
  return isIPv6(address) && !address.includes('%');
}

function devicesOf(input: RuleInput): string {
  if (input.links.length === 0 || !input.links.every(isLinkName)) {
    throw new Error('the links of the pod have no usable names');
  }
  const names = input.links.map((name) => `"${name}"`);
  return names.length === 1 ? `device ${names[0] ?? ''}` : `devices = { ${names.join(', ')} }`;
}

/** A name that the kernel takes for a link (IFNAMSIZ 16) and that is plain in every language it gets into. */
export function isLinkName(name: string): boolean {
  return /^[a-zA-Z0-9_.-]{1,15}$/.test(name);
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
