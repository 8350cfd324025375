import { isIP } from 'node:net';
import { type Direction, type Stage, counterSet } from './rules.ts';

/** Packets and bytes as the hook sees them: what goes to the pod counts its link header too. */
export interface Count {
  readonly packets: number;
  readonly bytes: number;
}

/** One flow as seen from the pod. Ports and addresses are those on the pod's link: before any translation by the node. */
export interface Flow {
  readonly protocol: 'tcp' | 'udp';
  readonly podAddress: string;
  readonly podPort: number;
  readonly peerAddress: string;
  readonly peerPort: number;
}

/** What one counting stage saw. */
export interface StageCount {
  readonly flows: ReadonlyMap<string, { readonly flow: Flow; readonly from: Count; readonly to: Count }>;
  /** Everything else, by what it is, such as `icmp` or `ether 35020`. */
  readonly others: ReadonlyMap<string, Count>;
}

export type Counters = Readonly<Record<Stage, StageCount>>;

/** nft prints a number where the image has no /etc/protocols. */
const protocols: ReadonlyMap<string, string> = new Map([
  ['tcp', 'tcp'],
  ['6', 'tcp'],
  ['udp', 'udp'],
  ['17', 'udp'],
  ['1', 'icmp'],
  ['58', 'ipv6-icmp'],
]);

const none: Count = { packets: 0, bytes: 0 };

/** One text per flow, and the same for both directions. */
export function flowKey(flow: Flow): string {
  return `${flow.protocol} ${endpoint(flow.podAddress, flow.podPort)} ${endpoint(flow.peerAddress, flow.peerPort)}`;
}

/** `10.0.0.1:80`, `[fd00::1]:80`. */
export function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/**
 * The counting table as `nft -j list table` prints it (libnftables-json(5)). Throws Error when it is not that;
 * elements of another shape are left out.
 */
export function parseCounters(json: Buffer): Counters {
  const elements = setElements(JSON.parse(json.toString('utf8')));
  return { tried: stageOf(elements, 'tried'), passed: stageOf(elements, 'passed') };
}

/** Packets and bytes of both directions. */
export function sum(from: Count, to: Count): Count {
  return { packets: from.packets + to.packets, bytes: from.bytes + to.bytes };
}

interface Element {
  readonly key: readonly (string | number)[];
  readonly count: Count;
}

function setElements(document: unknown): ReadonlyMap<string, readonly Element[]> {
  const list = field(document, 'nftables');
  if (!Array.isArray(list)) throw new Error('the counters are not what nft prints');
  const sets = new Map<string, Element[]>();
  for (const entry of list) {
    const set = field(entry, 'set');
    const name = field(set, 'name');
    const elements = field(set, 'elem');
    if (typeof name === 'string' && Array.isArray(elements)) sets.set(name, elements.flatMap(elementOf));
  }
  return sets;
}

function elementOf(entry: unknown): Element[] {
  const element = field(entry, 'elem');
  const value = field(element, 'val');
  const parts: unknown = field(value, 'concat') ?? [value];
  const counter = field(element, 'counter');
  const packets = field(counter, 'packets');
  const bytes = field(counter, 'bytes');
  if (!Array.isArray(parts) || typeof packets !== 'number' || typeof bytes !== 'number') return [];
  const key = parts.filter((part) => typeof part === 'string' || typeof part === 'number');
  return key.length === parts.length ? [{ key, count: { packets, bytes } }] : [];
}

function stageOf(sets: ReadonlyMap<string, readonly Element[]>, stage: Stage): StageCount {
  const flows = new Map<string, { flow: Flow; from: Count; to: Count }>();
  const others = new Map<string, Count>();
  for (const direction of ['from', 'to'] as const) {
    for (const family of ['4', '6'] as const) {
      for (const { key, count } of sets.get(counterSet(stage, direction, family)) ?? []) {
        const flow = flowOf(key, direction);
        if (flow === undefined) continue;
        const known = flows.get(flowKey(flow)) ?? { flow, from: none, to: none };
        flows.set(flowKey(flow), { ...known, [direction]: sum(known[direction], count) });
      }
    }
    for (const what of ['other', 'frames'] as const) {
      for (const { key, count } of sets.get(counterSet(stage, direction, what)) ?? []) {
        const name = what === 'other' ? protocolName(String(key[1])) : `ether ${String(key[0])}`;
        others.set(name, sum(others.get(name) ?? none, count));
      }
    }
  }
  return { flows, others };
}

function protocolName(text: string): string {
  return protocols.get(text) ?? (/^\d+$/.test(text) ? `protocol ${text}` : text);
}

/** The key of a set is source, protocol, source port, destination, destination port. */
function flowOf(key: readonly (string | number)[], direction: Direction): Flow | undefined {
  const [source, protocol, sourcePort, destination, destinationPort] = key;
  const known = protocols.get(String(protocol));
  if (known !== 'tcp' && known !== 'udp') return undefined;
  if (typeof sourcePort !== 'number' || typeof destinationPort !== 'number') return undefined;
  const [from, to] = [String(source), String(destination)];
  if (isIP(from) === 0 || isIP(to) === 0) return undefined;
  return direction === 'from'
    ? { protocol: known, podAddress: from, podPort: sourcePort, peerAddress: to, peerPort: destinationPort }
    : { protocol: known, podAddress: to, podPort: destinationPort, peerAddress: from, peerPort: sourcePort };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
