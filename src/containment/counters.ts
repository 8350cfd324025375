import { isIP } from 'node:net';
import { counterSet, type Direction, directions, type Stage, totalCounter } from './rules/count-rules.ts';

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

/** What the pod sent (`from`) and what was sent to it. */
export type BothWays = Readonly<Record<Direction, Count>>;

/** What one counting stage saw. */
export interface StageCount {
  readonly flows: ReadonlyMap<string, BothWays & { readonly flow: Flow }>;
  /** Everything else, by what it is, such as `icmp` or `ether 35020`. */
  readonly others: ReadonlyMap<string, BothWays>;
  /** Packets of any kind in the window, the kubelet's probes included. */
  readonly totals: Readonly<Record<Direction, number>>;
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
/** Nothing in either direction. */
export const nothing: BothWays = { from: none, to: none };
const noStage: StageCount = { flows: new Map(), others: new Map(), totals: { from: 0, to: 0 } };
/** Before anything is read. */
export const noCounters: Counters = { tried: noStage, passed: noStage };

/** One text per flow, and the same for both directions. */
export function flowKey(flow: Flow): string {
  return `${flow.protocol} ${endpoint(flow.podAddress, flow.podPort)} ${endpoint(flow.peerAddress, flow.peerPort)}`;
}

/** `10.0.0.1:80`, `[fd00::1]:80`. */
export function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/**
 * A counting table as `nft -j list table` prints it (libnftables-json(5)), added to what other tables counted; `earlier`
 * is what it printed when the window began. Throws Error when it is not that; elements of another shape are left out.
 */
export function parseCounters(
  json: Buffer,
  earlier: Buffer | undefined,
  others: Counters = noCounters,
): Counters {
  const now = listed(json);
  const before = earlier === undefined ? undefined : listed(earlier);
  const stage = (one: Stage): StageCount => stageOf(now, before, one, others[one]);
  return { tried: stage('tried'), passed: stage('passed') };
}

/** Packets and bytes of both directions. */
export function total(counted: BothWays | undefined): Count {
  return counted === undefined ? none : sum(counted.from, counted.to);
}

function sum(one: Count, other: Count): Count {
  return { packets: one.packets + other.packets, bytes: one.bytes + other.bytes };
}

interface Element {
  readonly key: readonly (string | number)[];
  readonly count: Count;
}

interface Listed {
  readonly sets: ReadonlyMap<string, readonly Element[]>;
  readonly totals: ReadonlyMap<string, number>;
}

function listed(json: Buffer): Listed {
  const list = field(JSON.parse(json.toString('utf8')), 'nftables');
  if (!Array.isArray(list)) throw new Error('the counters are not what nft prints');
  const sets = new Map<string, Element[]>();
  const totals = new Map<string, number>();
  for (const entry of list) {
    const set = field(entry, 'set');
    const elements = field(set, 'elem');
    const setName = field(set, 'name');
    if (typeof setName === 'string' && Array.isArray(elements))
      sets.set(setName, elements.flatMap(elementOf));
    const counter = field(entry, 'counter');
    const [name, packets] = [field(counter, 'name'), field(counter, 'packets')];
    if (typeof name === 'string' && typeof packets === 'number') totals.set(name, packets);
  }
  return { sets, totals };
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

function stageOf(now: Listed, before: Listed | undefined, stage: Stage, known: StageCount): StageCount {
  const flows = new Map(known.flows);
  const others = new Map(known.others);
  const passedBy = (direction: Direction): number => {
    const name = totalCounter(stage, direction);
    return known.totals[direction] + (now.totals.get(name) ?? 0) - (before?.totals.get(name) ?? 0);
  };
  for (const direction of directions) {
    for (const family of ['4', '6'] as const) {
      for (const { key, count } of now.sets.get(counterSet(stage, direction, family)) ?? []) {
        const flow = flowOf(key, direction);
        if (flow === undefined) continue;
        const seen = flows.get(flowKey(flow)) ?? { flow, ...nothing };
        flows.set(flowKey(flow), { ...seen, [direction]: sum(seen[direction], count) });
      }
    }
    for (const what of ['other', 'frames'] as const) {
      for (const { key, count } of now.sets.get(counterSet(stage, direction, what)) ?? []) {
        const name = what === 'other' ? protocolName(String(key[1])) : `ether ${String(key[0])}`;
        const seen = others.get(name) ?? nothing;
        others.set(name, { ...seen, [direction]: sum(seen[direction], count) });
      }
    }
  }
  return { flows, others, totals: { from: passedBy('from'), to: passedBy('to') } };
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
