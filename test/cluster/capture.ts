import { machine } from './layout.ts';
import { rangesOf } from './network.ts';
import { attempt, run } from './run.ts';

/** What was on the machine's real interfaces while the capture was on. */
export interface Capture {
  /** Packets of the cluster, every one of which is one too many. */
  readonly packets: number;
  /** Their addresses, such as `10.244.2.5 -> 198.51.100.66`. */
  readonly flows: readonly string[];
}

const name = 'kubectl_ir_capture';

/**
 * Rules that count the packets of the cluster on the machine's real interfaces and change none. No packet gets by:
 * - Netdev ingress and egress see every frame of an interface before and after all that the kernel does with it, ARP
 *   and raw sockets too. Each range of the cluster and its outside counts, as source and as destination.
 * - An interface that comes later has no such hook; prerouting and postrouting see its IP packets.
 * - A packet whose address NAT has changed is known by the addresses that its connection began with, and one that the
 *   machine forwards by the link it comes from.
 * The control plane runs in the machine's own namespace, under the machine's address: what it sends counts when it goes
 * to the cluster or its outside.
 */
export function captureRules(interfaces: readonly string[]): string {
  const netdev = [
    ...(interfaces.length === 0 ? [] : hooks(interfaces)),
    '  chain judge {',
    ...addresses,
    '    arp saddr ip @four counter name seen return',
    '    arp daddr ip @four counter name seen',
    '  }',
  ];
  const inet = [
    '  chain arriving { type filter hook prerouting priority mangle;',
    `    iifname != { lo, ${machine.link} } goto judge`,
    '  }',
    '  chain leaving { type filter hook postrouting priority 300;',
    `    oifname != { lo, ${machine.link} } goto judge`,
    '  }',
    '  chain passing { type filter hook forward priority 300;',
    `    iifname ${machine.link} counter name seen`,
    `    oifname ${machine.link} counter name seen`,
    '  }',
    '  chain judge {',
    ...addresses,
    '    ct original ip saddr @four counter name seen return',
    '    ct original ip daddr @four counter name seen return',
    '    ct original ip6 saddr @six counter name seen return',
    '    ct original ip6 daddr @six counter name seen',
    '  }',
  ];
  return [...tableOf('netdev', netdev), ...tableOf('inet', inet), ''].join('\n');
}

function tableOf(family: 'inet' | 'netdev', chains: readonly string[]): string[] {
  return [
    `table ${family} ${name}`,
    `delete table ${family} ${name}`,
    `table ${family} ${name} {`,
    '  counter seen {}',
    `  set four { type ipv4_addr; flags interval; elements = { ${rangesOf('ipv4')} }; }`,
    `  set six { type ipv6_addr; flags interval; elements = { ${rangesOf('ipv6')} }; }`,
    '  set flows4 { type ipv4_addr . ipv4_addr; size 1024; flags dynamic; }',
    '  set flows6 { type ipv6_addr . ipv6_addr; size 1024; flags dynamic; }',
    ...chains,
    '}',
  ];
}

const addresses = (['ip', 'ip6'] as const).flatMap((ip) =>
  (['saddr', 'daddr'] as const).map(
    (end) =>
      `    ${ip} ${end} ${ip === 'ip' ? '@four' : '@six'} counter name seen update ${ip === 'ip' ? '@flows4' : '@flows6'} { ${ip} saddr . ${ip} daddr } return`,
  ),
);

function hooks(interfaces: readonly string[]): string[] {
  const devices = interfaces.map((each) => `"${each}"`).join(', ');
  return (['ingress', 'egress'] as const).map(
    (hook) =>
      `  chain ${hook} { type filter hook ${hook} devices = { ${devices} } priority -500; goto judge; }`,
  );
}

/** Starts counting on every interface of the machine but loopback and the link to the cluster. */
export async function startCapture(): Promise<void> {
  const links = JSON.parse(await run('ip', ['-json', 'link', 'show'])) as { ifname: string }[];
  const interfaces = links
    .map((link) => link.ifname)
    .filter((each) => each !== 'lo' && each !== machine.link);
  await run('nft', ['-f', '-'], { input: captureRules(interfaces) });
}

/** What has been counted so far. Throws OperationError when somebody has removed the rules. */
export async function readCapture(): Promise<Capture> {
  const tables = await Promise.all(
    ['netdev', 'inet'].map(async (family) =>
      parseCapture(await run('nft', ['-j', 'list', 'table', family, name])),
    ),
  );
  return {
    packets: tables.reduce((sum, table) => sum + table.packets, 0),
    flows: [...new Set(tables.flatMap((table) => table.flows))],
  };
}

/** Removes the rules; fine when there are none. */
export async function endCapture(): Promise<void> {
  for (const family of ['netdev', 'inet']) await attempt('nft', ['delete', 'table', family, name]);
}

interface Listing {
  readonly nftables: readonly {
    readonly counter?: { readonly packets: number };
    readonly set?: {
      readonly name: string;
      readonly elem?: readonly { readonly concat?: readonly string[] }[];
    };
  }[];
}

/** One of the tables as `nft -j list table` prints it (libnftables-json(5)). */
export function parseCapture(json: string): Capture {
  const parts = (JSON.parse(json) as Listing).nftables;
  return {
    packets: parts.reduce((sum, part) => sum + (part.counter?.packets ?? 0), 0),
    flows: parts.flatMap(({ set }) =>
      set?.name.startsWith('flows') === true
        ? (set.elem ?? []).map((element) => (element.concat ?? []).join(' -> '))
        : [],
    ),
  };
}
