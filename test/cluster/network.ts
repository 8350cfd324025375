import { readlink, writeFile } from 'node:fs/promises';
import type { Io } from '../../src/output/io.ts';
import { OperationError } from '../../src/output/errors.ts';
import { machine, network, type NodePlan } from './layout.ts';
import { attempt, run } from './run.ts';

/**
 * Rules of the machine's network namespace: what comes in from the cluster may reach the API server and
 * nothing else, wherever it is routed; the API server itself listens on 127.0.0.1 only.
 */
export function rules(): string {
  return `table inet ${machine.nftTable} {
  counter to-elsewhere {}
  counter forwarded {}
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
}
`;
}

/**
 * Joins the machine to the namespace of process `outside`, which plays the world around the nodes: a bridge
 * and the nodes' gateway, one link to here, nothing that leads to a real interface and no forwarding.
 */
export async function connectMachine(outside: number, nodes: readonly NodePlan[]): Promise<void> {
  const podRoutes = nodes.map((node) => `route add ${node.pods} via ${node.address}`);
  await run('nft', ['-f', '-'], { input: rules() });
  await run('ip', ['-batch', '-'], {
    input: [
      `link add ${machine.link} type veth peer name machine netns ${outside}`,
      `address add ${network.control}/24 dev ${machine.link}`,
      `link set ${machine.link} up`,
      ...podRoutes,
    ].join('\n'),
  });
  // On our own link only: the API server listens on 127.0.0.1, and the rules above lead to it.
  await writeFile(`/proc/sys/net/ipv4/conf/${machine.link}/route_localnet`, '1');
  await within(outside, ['sh', '-c', closedSysctls]);
  await within(
    outside,
    ['ip', '-batch', '-'],
    [
      'link set lo up',
      'link add wire type bridge',
      `address add ${network.gateway}/24 dev wire`,
      'link set wire up',
      'link set machine master wire up',
      ...podRoutes,
    ],
  );
}

/** Gives the node whose network namespace process `pid` is in its link, address and routes. */
export async function connectNode(
  outside: number,
  node: NodePlan,
  pid: number,
  nodes: readonly NodePlan[],
): Promise<void> {
  await within(
    outside,
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
      `route add default via ${network.gateway}`,
      ...others.map((other) => `route add ${other.pods} via ${other.address}`),
    ],
  );
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

/** Throws OperationError when the machine already routes one of the cluster's ranges. */
export async function requireFreeRanges(): Promise<void> {
  const routes = JSON.parse(await run('ip', ['-json', '-4', 'route', 'show'])) as {
    dst: string;
    dev?: string;
  }[];
  for (const range of [network.nodes, network.pods]) {
    const taken = routes.find((route) => route.dst !== 'default' && overlap(route.dst, range));
    if (taken === undefined) continue;
    throw new OperationError(
      `The cluster needs ${range}, and this machine routes ${taken.dst} to ${taken.dev ?? '?'}`,
      {
        advice: 'Remove that route or run the cluster on another machine.',
      },
    );
  }
}

/** True when two IPv4 ranges (`a.b.c.d/n`, or an address) share an address. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [bounds(one), bounds(other)];
  return a.first <= b.last && b.first <= a.last;
}

function bounds(range: string): { first: number; last: number } {
  const [address = '', length = '32'] = range.split('/');
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(length));
  const first = value - (value % size);
  return { first, last: first + size - 1 };
}

function within(pid: number, command: readonly string[], lines: readonly string[] = []): Promise<string> {
  return run('nsenter', [`--net=/proc/${pid}/ns/net`, ...command], { input: lines.join('\n') });
}

const closedSysctls = `echo 0 >/proc/sys/net/ipv4/ip_forward
for file in /proc/sys/net/bridge/bridge-nf-call-*; do [ ! -e "$file" ] || echo 0 >"$file"; done`;
