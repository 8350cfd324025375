import { isIPv6 } from 'node:net';
import { type PodLinks } from '../layout.ts';
import type { Host } from './hosts.ts';
import type { Attempt } from './protocol.ts';

/** Where a host of some role stands: on a node with links of some kind, or outside of the cluster. */
export interface Place {
  readonly role: string;
  readonly node?: { readonly name: string; readonly links: PodLinks };
  readonly addresses: readonly string[];
  /** Absent for a service, which only answers. */
  readonly host?: Host;
  /** What it answers with. */
  readonly answer: string;
}

/** One connection to try. */
export interface Connection {
  readonly text: string;
  readonly family: 4 | 6;
  /** Between pods of one node by the kind of its links, between nodes, or with the outside or a service. */
  readonly way: PodLinks | 'across' | 'outside';
  readonly from: Host;
  readonly attempt: Attempt;
  readonly answer: string;
}

/**
 * All connections that a line of a recipe means: from each host of its first role to each of its second, in both IP
 * families. `own node` and `other node` are hosts of role `host` on the other end's node, and on another.
 */
export function connectionsOf(line: string, places: readonly Place[]): Connection[] {
  const [, from = '', to = '', transport = 'tcp', port = '8080'] =
    /^(.+) -> (.+?)(?: (tcp|udp)\/(\d+))?$/.exec(line) ?? [];
  const found = placesOf(from, places).flatMap((one) =>
    placesOf(to, places)
      .filter((other) => together(from, to, one, other))
      .flatMap((other) =>
        connect(line, one, other, { transport: transport as 'tcp' | 'udp', port: Number(port) }),
      ),
  );
  if (found.length === 0) throw new Error(`'${line}' means no connection`);
  return found;
}

const nodeRoles = ['own node', 'other node'];

function placesOf(role: string, places: readonly Place[]): Place[] {
  return places.filter((place) => place.role === (nodeRoles.includes(role) ? 'host' : role));
}

function together(from: string, to: string, one: Place, other: Place): boolean {
  const role = [from, to].find((each) => nodeRoles.includes(each));
  return role === undefined || (one.node?.name === other.node?.name) === (role === 'own node');
}

function connect(
  line: string,
  one: Place,
  other: Place,
  what: Pick<Attempt, 'transport' | 'port'>,
): Connection[] {
  const { host } = one;
  if (host === undefined) throw new Error(`'${line}' begins at a service`);
  return other.addresses.flatMap((address) => {
    const from = one.addresses.find((each) => isIPv6(each) === isIPv6(address));
    if (from === undefined) return [];
    const attempt: Attempt =
      other.role === 'dns' ? { transport: 'dns', address, port: 53 } : { ...what, address, from };
    return [
      {
        text: `${line} (${one.node?.name ?? one.role} ${from} to ${other.node?.name ?? other.role} ${address})`,
        family: isIPv6(address) ? 6 : 4,
        way: wayOf(one, other),
        from: host,
        attempt,
        answer: other.answer,
      },
    ];
  });
}

function wayOf({ node: one }: Place, { node: other }: Place): Connection['way'] {
  if (one === undefined || other === undefined) return 'outside';
  return one.name === other.name ? one.links : 'across';
}

/** A connection that was tried; `surprise` says what it did, when that is not what it should. */
export interface Tried {
  readonly connection: Connection;
  readonly surprise?: string;
}

/** Tries connections, all at once, that shall be open, or shut: made, and nothing comes back. */
export async function tryAll(
  connections: readonly Connection[],
  expected: 'open' | 'shut',
): Promise<Tried[]> {
  return Promise.all(
    connections.map(async (connection) => {
      const { text, from, attempt, answer } = connection;
      const { outcome, text: said } = await from.make(attempt, withinMs[expected]);
      const kept = expected === 'open' ? outcome === 'answered' && said === answer : outcome === 'silent';
      return kept ? { connection } : { connection, surprise: `${text}: ${outcome}: ${said}` };
    }),
  );
}

/** What is open answers in milliseconds, but a machine with other things to do gets time; what is shut takes it all. */
const withinMs = { open: 5000, shut: 700 };
