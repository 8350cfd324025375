import { isIP } from 'node:net';
import { OperationError } from '../output/errors.ts';
import { isLinkName } from './rules.ts';
import { sections, textLines } from './sections.ts';

/** Where a pod meets its node's network. */
export interface PodLink {
  /** A process in the pod's network namespace, and that namespace as `net:[INODE]`. */
  readonly pid: number;
  readonly namespace: string;
  /** Host sides of the pod's links. */
  readonly links: readonly string[];
  /** Links of the pod that are up and have no host side to cut, such as macvlan or a device moved in. */
  readonly uncut: readonly string[];
  readonly nodeAddresses: readonly string[];
}

interface LinkRow {
  readonly index: number;
  readonly name: string;
  /** What stands after the `@`: `ifN`, or the name of link N of the same list, as busybox prints it. */
  readonly peer?: string;
  readonly up: boolean;
}

/**
 * What pod-link.sh printed. A link counts as the pod's host side only when both sides name each other's index.
 * Throws OperationError when it cannot be used.
 */
export function parsePodLink(output: Buffer): PodLink {
  const parts = sections(output);
  const process = /^(\d{1,10}) (net:\[\d{1,20}\])$/.exec(textLines(parts.get('process'))[0] ?? '');
  if (process === null) throw new OperationError('the node did not say where the network of the pod is');
  const pod = linkRows(textLines(parts.get('pod-links')));
  const host = linkRows(textLines(parts.get('node-links')));
  const links: string[] = [];
  const uncut: string[] = [];
  for (const link of pod.filter((row) => row.up && row.name !== 'lo')) {
    const outside = host.find(
      (row) => row.index === peerIndex(link, pod) && peerIndex(row, host) === link.index,
    );
    if (outside !== undefined && isLinkName(outside.name)) links.push(outside.name);
    else uncut.push(link.name);
  }
  return {
    pid: Number(process[1]),
    namespace: process[2] ?? '',
    links,
    uncut,
    nodeAddresses: addressesOf(textLines(parts.get('node-addresses'))),
  };
}

/** `ip -o link show` of iproute2 and busybox: `7: veth1@if2: <BROADCAST,UP> mtu …`. */
function linkRows(rows: readonly string[]): LinkRow[] {
  return rows.flatMap((row) => {
    const match = /^(\d{1,10}): ([^\s@]+?)(?:@([^\s@]+))?: <([A-Z0-9_,-]*)>/.exec(row);
    if (match === null) return [];
    const [, index, name = '', peer, flags = ''] = match;
    return [
      {
        index: Number(index),
        name,
        ...(peer === undefined ? {} : { peer }),
        up: flags.split(',').includes('UP'),
      },
    ];
  });
}

function peerIndex(row: LinkRow, all: readonly LinkRow[]): number | undefined {
  if (row.peer === undefined) return undefined;
  const number = /^if(\d{1,10})$/.exec(row.peer)?.[1];
  return number === undefined ? all.find((one) => one.name === row.peer)?.index : Number(number);
}

/** `ip -o addr show`: `2: eth0    inet 10.0.0.1/24 scope global eth0`. */
function addressesOf(rows: readonly string[]): string[] {
  const found = rows.map((row) => / inet6? ([0-9a-fA-F.:]+)(?:\/\d+)? /.exec(row)?.[1]);
  return [...new Set(found)].filter((address) => address !== undefined && isIP(address) !== 0) as string[];
}
