import { isIP } from 'node:net';
import { OperationError } from '../output/errors.ts';
import { isLinkName, isMac } from './link-name.ts';
import { sections, textLines } from './sections.ts';

/** How the host side of a link is joined to its node: by IP alone, as a port of a Linux bridge, or by something else. */
export type Attachment = 'routed' | 'bridge' | 'other';

/** The host side of one link of the pod. */
export interface HostLink {
  readonly name: string;
  readonly attachment: Attachment;
  /** Where the pod sends frames that are for its node: the bridge's address, or that of the link. */
  readonly mac?: string;
}

/** Where a pod meets its node's network. */
export interface PodLink {
  /** A process in the pod's network namespace, and that namespace as `net:[INODE]`. */
  readonly pid: number;
  readonly namespace: string;
  /** Words by which a process of the pod is told from its cgroup. */
  readonly words: readonly string[];
  readonly links: readonly HostLink[];
  /** Links of the pod that are up and have no host side to cut, such as macvlan or a device moved in. */
  readonly uncut: readonly string[];
  /** The pod's own names of its links, loopback left out; only those that are plain. */
  readonly inner: readonly string[];
  readonly nodeAddresses: readonly string[];
  /** Link-local addresses (RFC 4291, 2.5.6) of both sides, each with the link by which the other side reaches it. */
  readonly linkLocal: { readonly node: readonly ZonedAddress[]; readonly pod: readonly ZonedAddress[] };
  /** Address that the node's packets to the pod come from, as its routes say. */
  readonly probeSource?: string;
  /** True when nft on this kernel takes netdev egress hooks. */
  readonly egress: boolean;
}

/** An address that only means something together with a link. */
export interface ZonedAddress {
  readonly address: string;
  readonly link: string;
}

interface LinkRow {
  readonly index: number;
  readonly name: string;
  /** What stands after the `@`: `ifN`, or the name of link N of the same list, as busybox prints it. */
  readonly peer?: string;
  readonly up: boolean;
  readonly master?: string;
  readonly mac?: string;
}

/** Loopback has this index in every network namespace, and any name (LOOPBACK_IFINDEX, include/net/flow.h of the kernel). */
const loopbackIndex = 1;

/**
 * What pod-link.sh printed. A link counts as the pod's host side only when both sides name each other's index.
 * Throws OperationError when it cannot be used.
 */
export function parsePodLink(output: Buffer): Omit<PodLink, 'words'> {
  const parts = sections(output);
  const process = /^(\d{1,10}) (net:\[\d{1,20}\])$/.exec(textLines(parts.get('process'))[0] ?? '');
  if (process === null) throw new OperationError('the node did not say where the network of the pod is');
  const pod = linkRows(textLines(parts.get('pod-links')));
  const host = linkRows(textLines(parts.get('node-links')));
  const bridges = new Set(textLines(parts.get('bridges')));
  const all = pod.filter((row) => row.index !== loopbackIndex);
  // One that is down now can be brought up by whoever may change links in the pod.
  const pairs = all
    .map((inside) => ({ inside, outside: outsideOf(inside, pod, host) }))
    .filter(({ inside, outside }) => inside.up || outside !== undefined);
  const links = pairs.flatMap(({ outside }) =>
    outside === undefined ? [] : [hostLink(outside, host, bridges)],
  );
  const source = / src ([0-9a-fA-F.:]+)/.exec(textLines(parts.get('route'))[0] ?? '')?.[1];
  const onNode = addressRows(textLines(parts.get('node-addresses')));
  const inPod = addressRows(textLines(parts.get('pod-addresses')));
  const [first] = pairs;
  return {
    pid: Number(process[1]),
    namespace: process[2] ?? '',
    links,
    uncut: pairs.filter(({ outside }) => outside === undefined).map(({ inside }) => inside.name),
    inner: pairs.map(({ inside }) => inside.name).filter(isLinkName),
    nodeAddresses: [...new Set(onNode.map((row) => row.address))],
    linkLocal: {
      node: pairs.flatMap((pair) => linkLocal(onNode, nodeEnd(pair.outside), pair.inside.name)),
      pod: linkLocal(inPod, first?.inside.name, nodeEnd(first?.outside)),
    },
    ...(source === undefined || isIP(source) === 0 ? {} : { probeSource: source }),
    egress: parts.has('egress'),
  };
}

function outsideOf(inside: LinkRow, pod: readonly LinkRow[], host: readonly LinkRow[]): LinkRow | undefined {
  const found = host.find(
    (row) => row.index === peerIndex(inside, pod) && peerIndex(row, host) === inside.index,
  );
  return found !== undefined && isLinkName(found.name) ? found : undefined;
}

function hostLink(row: LinkRow, host: readonly LinkRow[], bridges: ReadonlySet<string>): HostLink {
  if (row.master === undefined) return withMac({ name: row.name, attachment: 'routed' }, row.mac);
  if (!bridges.has(row.master)) return { name: row.name, attachment: 'other' };
  const bridge = host.find((one) => one.name === row.master);
  return withMac({ name: row.name, attachment: 'bridge' }, bridge?.mac);
}

function withMac(link: HostLink, mac: string | undefined): HostLink {
  return mac === undefined || !isMac(mac) ? link : { ...link, mac };
}

/** The link of the node that has its address towards the pod: the bridge, or the host side itself. */
function nodeEnd(outside: LinkRow | undefined): string | undefined {
  return outside?.master ?? outside?.name;
}

/** The link-local address on `link`, reached by the other side over `through`. */
function linkLocal(
  rows: readonly AddressRow[],
  link: string | undefined,
  through: string | undefined,
): ZonedAddress[] {
  if (link === undefined || through === undefined || !isLinkName(through)) return [];
  const found = rows.find((row) => row.link === link && /^fe[89ab][0-9a-f]:/i.test(row.address));
  return found === undefined ? [] : [{ address: found.address, link: through }];
}

/** `ip -o link show` of iproute2 and busybox: `7: veth1@if2: <BROADCAST,UP> mtu … master cni0 … link/ether 0a:…`. */
function linkRows(rows: readonly string[]): LinkRow[] {
  return rows.flatMap((row) => {
    const match = /^(\d{1,10}): ([^\s@]+?)(?:@([^\s@]+))?: <([A-Z0-9_,-]*)>(.*)$/.exec(row);
    if (match === null) return [];
    const [, index, name = '', peer, flags = '', rest = ''] = match;
    const master = / master ([^\s\\]+)/.exec(rest)?.[1];
    const mac = /\blink\/ether ([^\s\\]+)/.exec(rest)?.[1];
    return [
      {
        index: Number(index),
        name,
        ...(peer === undefined ? {} : { peer }),
        up: flags.split(',').includes('UP'),
        ...(master === undefined ? {} : { master }),
        ...(mac === undefined ? {} : { mac }),
      },
    ];
  });
}

function peerIndex(row: LinkRow, all: readonly LinkRow[]): number | undefined {
  if (row.peer === undefined) return undefined;
  const number = /^if(\d{1,10})$/.exec(row.peer)?.[1];
  return number === undefined ? all.find((one) => one.name === row.peer)?.index : Number(number);
}

interface AddressRow {
  readonly link: string;
  readonly address: string;
}

/** `ip -o addr show`: `2: eth0    inet 10.0.0.1/24 scope global eth0`. */
function addressRows(rows: readonly string[]): AddressRow[] {
  return rows.flatMap((row) => {
    const [, link = '', address = ''] = /^\d+: (\S+) +inet6? ([0-9a-fA-F.:]+)(?:\/\d+)? /.exec(row) ?? [];
    return isIP(address) === 0 ? [] : [{ link, address }];
  });
}
