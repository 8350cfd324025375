import { access, readlink, writeFile } from 'node:fs/promises';
import { BlockList, isIPv4 } from 'node:net';
import type { Io } from '../../src/output/io.ts';
import { OperationError } from '../../src/output/errors.ts';
import { machine, network, type NodePlan, outside, ranges } from './layout.ts';
import { attempt, run } from './run.ts';

/**
 * Rules of the machine's network namespace: what comes in from the cluster may reach the API server and
 * nothing else, wherever it is routed; the API server itself listens on 127.0.0.1 only. What the machine says to an
 * address of the cluster or its outside leaves by their link or not at all.
 */
export function rules(): string {
  return `table inet ${machine.nftTable} {
  counter to-elsewhere {}
  counter forwarded {}
  set four { type ipv4_addr; flags interval; elements = { ${rangesOf('ipv4')} }; }
  set six { type ipv6_addr; flags interval; elements = { ${rangesOf('ipv6')} }; }
  chain arriving {
    type filter hook prerouting priority raw
    iifname != "${machine.link}" accept
    ip daddr != ${network.control} counter name to-elsewhere drop
    meta nfproto ipv6 drop
    tcp flags & (syn | ack) == syn tcp dport != ${network.apiPort} counter name to-elsewhere drop
    meta l4proto udp counter name to-elsewhere drop
  }
  chain api {
    type nat hook prerouting priority dstnat
    iifname "${machine.link}" ip daddr ${network.control} tcp dport ${network.apiPort} dnat ip to 127.0.0.1
  }
  chain passing {
    type filter hook forward priority filter - 10
    iifname "${machine.link}" counter name forwarded drop
    oifname "${machine.link}" counter name forwarded drop
  }
  chain leaving {
    type filter hook output priority filter - 10
    oifname { lo, "${machine.link}" } accept
    ip daddr @four reject
    ip6 daddr @six reject
  }
}
`;
}

/**
 * Joins the machine to the namespace of process `holder`, which plays the world around the nodes: a bridge and
 * the nodes' gateway, one link to here, the addresses outside, nothing that leads to a real interface, no forwarding.
 */
export async function connectMachine(holder: number, nodes: readonly NodePlan[]): Promise<void> {
  await run('nft', ['-f', '-'], { input: rules() });
  await run('ip', ['-batch', '-'], {
    input: `link add ${machine.link} type veth peer name machine netns ${holder}`,
  });
  // On our own link only: the API server listens on 127.0.0.1, and the rules above lead to it; it needs no IPv6.
  await writeFile(`/proc/sys/net/ipv4/conf/${machine.link}/route_localnet`, '1');
  await writeFile(`/proc/sys/net/ipv6/conf/${machine.link}/disable_ipv6`, '1');
  await run('ip', ['-batch', '-'], {
    input: [
      `address add ${network.control}/24 dev ${machine.link}`,
      `link set ${machine.link} up`,
      ...nodes.map((node) => `route add ${node.pods} via ${node.address}`),
    ].join('\n'),
  });
  await within(holder, ['sh', '-ec', outsideSysctls]);
  await within(
    holder,
    ['ip', '-batch', '-'],
    [
      'link set lo up',
      ...outside.ranges.map((range) => `route add local ${range} dev lo`),
      `address add ${outside.metadata}/32 dev lo`,
      `address add ${outside.metadata6}/128 dev lo`,
      'link add wire type bridge',
      `address add ${network.gateway}/24 dev wire`,
      `address add ${network.gateway6}/64 dev wire nodad`,
      'link set wire up',
      'link set machine master wire up',
      ...nodes.flatMap(podRoutes),
    ],
  );
}

/** Gives the node whose network namespace process `pid` is in its link, address and routes. */
export async function connectNode(
  holder: number,
  node: NodePlan,
  pid: number,
  nodes: readonly NodePlan[],
): Promise<void> {
  await within(
    holder,
    ['ip', '-batch', '-'],
    [`link add ${node.name} type veth peer name eth0 netns ${pid}`, `link set ${node.name} master wire up`],
  );
  const others = nodes.filter((other) => other.name !== node.name);
  await within(
    pid,
    ['ip', '-batch', '-'],
    [
      'link set lo up',
      'link set eth0 up',
      `address add ${node.address}/24 dev eth0`,
      `address add ${node.address6}/64 dev eth0 nodad`,
      ...others.flatMap(podRoutes),
      `route add default via ${network.gateway}`,
      `route add default via ${network.gateway6}`,
    ],
  );
}

function podRoutes(node: NodePlan): string[] {
  return [`route add ${node.pods} via ${node.address}`, `route add ${node.pods6} via ${node.address6}`];
}

/** Waits until process `pid` has left our network namespace. */
export async function ownNamespace(pid: number, io: Io): Promise<void> {
  const ours = await readlink('/proc/self/ns/net');
  const deadline = io.monotonic() + 10_000;
  while ((await readlink(`/proc/${pid}/ns/net`).catch(() => ours)) === ours) {
    if (io.monotonic() > deadline)
      throw new OperationError(`Process ${pid} got no network namespace of its own`);
    await io.sleep(10);
  }
}

/** Removes what connectMachine made on the machine's side; what is not there is no error. */
export async function disconnectMachine(): Promise<void> {
  await attempt('ip', ['link', 'delete', machine.link]);
  await attempt('nft', ['delete', 'table', 'inet', machine.nftTable]);
}

/** Throws OperationError when the kernel was started without IPv6, which half of the cluster's addresses are. */
export async function requireIpv6(): Promise<void> {
  await access('/proc/sys/net/ipv6').catch((cause: unknown) => {
    throw new OperationError('The kernel of this machine has no IPv6, which the cluster needs', {
      advice: 'Start it without ipv6.disable=1, or run the cluster on another machine.',
      cause,
    });
  });
}

/** Throws OperationError when the machine already routes one of the cluster's ranges. */
export async function requireFreeRanges(): Promise<void> {
  const routes = await Promise.all(
    ['-4', '-6'].map(async (family) => {
      const listed = await run('ip', ['-json', family, 'route', 'show']);
      return JSON.parse(listed === '' ? '[]' : listed) as { dst: string; dev?: string }[];
    }),
  );
  for (const range of ranges) {
    const taken = routes.flat().find((route) => route.dst !== 'default' && overlap(route.dst, range));
    if (taken === undefined) continue;
    throw new OperationError(
      `The cluster needs ${range}, and this machine routes ${taken.dst} to ${taken.dev ?? '?'}`,
      {
        advice: 'Remove that route or run the cluster on another machine.',
      },
    );
  }
}

/** The ranges of one family as elements of an nft set. */
export function rangesOf(family: 'ipv4' | 'ipv6'): string {
  return ranges.filter((range) => familyOf(addressOf(range)) === family).join(', ');
}

/** True when two ranges (`a.b.c.d/n`, `a:b::/n`, or an address) share an address. */
export function overlap(one: string, other: string): boolean {
  return holds(one, other) || holds(other, one);
}

/** True when `range` holds the address that `other` begins with: of two ranges that meet, one holds the other. */
function holds(range: string, other: string): boolean {
  const [base, address] = [addressOf(range), addressOf(other)];
  const family = familyOf(base);
  const list = new BlockList();
  list.addSubnet(base, Number(range.split('/')[1] ?? (family === 'ipv4' ? 32 : 128)), family);
  return family === familyOf(address) && list.check(address, family);
}

function addressOf(range: string): string {
  return range.split('/')[0] ?? '';
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}

function within(pid: number, command: readonly string[], lines: readonly string[] = []): Promise<string> {
  return run('nsenter', [`--net=/proc/${pid}/ns/net`, ...command], { input: lines.join('\n') });
}

/** Nothing is forwarded; sockets may be bound to addresses that are only routed here, as all of the outside is. */
const outsideSysctls = `echo 0 >/proc/sys/net/ipv4/ip_forward
echo 0 >/proc/sys/net/ipv6/conf/all/forwarding
echo 1 >/proc/sys/net/ipv6/ip_nonlocal_bind
for file in /proc/sys/net/bridge/bridge-nf-call-*; do [ ! -e "$file" ] || echo 0 >"$file"; done`;
