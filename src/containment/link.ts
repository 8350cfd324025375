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
  /** Index of the link at the other end, or that this one lies on, in whatever network namespace it is. */
  readonly peer?: number;
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
  const pairs = linkPairs(parts);
  const source = / src ([0-9a-fA-F.:]+)/.exec(textLines(parts.get('route'))[0] ?? '')?.[1];
  const onNode = addressRows(textLines(parts.get('node-addresses')));
  const inPod = addressRows(textLines(parts.get('pod-addresses')));
  const [first] = pairs;
  return {
    pid: Number(process[1]),
    namespace: process[2] ?? '',
    ...linksOf(pairs),
    inner: pairs.map(({ inside }) => inside.name).filter(isLinkName),
    nodeAddresses: [...new Set(onNode.map((row) => row.address))],
    linkLocal: {
      node: pairs.flatMap(({ inside, node }) => linkLocal(onNode, node, inside.name)),
      pod: linkLocal(inPod, first?.inside.name, first?.node),
    },
    ...(source === undefined || isIP(source) === 0 ? {} : { probeSource: source }),
    egress: parts.has('egress'),
  };
}

/** A link of the pod, and its side on the host with the link of the node that has its address towards the pod. */
interface LinkPair {
  readonly inside: LinkRow;
  readonly outside?: HostLink;
  readonly node?: string;
}

/** The links in what pod-links.sh printed, as `PodLink` has them. */
export function linksIn(parts: ReadonlyMap<string, Buffer>): Pick<PodLink, 'links' | 'uncut'> {
  return linksOf(linkPairs(parts));
}

function linksOf(pairs: readonly LinkPair[]): Pick<PodLink, 'links' | 'uncut'> {
  return {
    links: pairs.flatMap(({ outside }) => outside ?? []),
    uncut: pairs.filter(({ outside }) => outside === undefined).map(({ inside }) => inside.name),
  };
}

function linkPairs(parts: ReadonlyMap<string, Buffer>): LinkPair[] {
  const pod = linkRows(textLines(parts.get('pod-links')));
  const host = linkRows(textLines(parts.get('node-links')));
  const bridges = new Set(textLines(parts.get('bridges')));
  return pod
    .filter(({ index }) => index !== loopbackIndex)
    .flatMap((inside): LinkPair[] => {
      const row = host.find(
        ({ index, peer, name }) => index === inside.peer && peer === inside.index && isLinkName(name),
      );
      if (row !== undefined)
        return [{ inside, outside: hostLink(row, host, bridges), node: row.master ?? row.name }];
      // One that is down can be brought up by whoever may change links in the pod; those that the kernel makes everywhere lie on none.
      return inside.up || inside.peer !== undefined ? [{ inside }] : [];
    });
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

/** Rows as pod-links.sh prints them: `7: veth1@if2: <UP> master cni0 link/ether 0a:…`. */
function linkRows(rows: readonly string[]): LinkRow[] {
  return rows.flatMap((row) => {
    const match = /^(\d{1,10}): ([^\s@]+?)(?:@if(\d{1,10}))?: <([A-Z0-9_,-]*)>(.*)$/.exec(row);
    if (match === null) return [];
    const [, index, name = '', peer, flags = '', rest = ''] = match;
    const master = / master ([^\s\\]+)/.exec(rest)?.[1];
    const mac = /\blink\/ether ([^\s\\]+)/.exec(rest)?.[1];
    return [
      {
        index: Number(index),
        name,
        ...(peer === undefined ? {} : { peer: Number(peer) }),
        up: flags.split(',').includes('UP'),
        ...(master === undefined ? {} : { master }),
        ...(mac === undefined ? {} : { mac }),
      },
    ];
  });
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
