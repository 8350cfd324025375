import { type Counters, type Flow, flowKey, noCounters } from '../../src/containment/counters.ts';
import type { Reading } from '../../src/containment/reading.ts';
import type { Try } from '../../src/containment/tries.ts';

/** Flows with the packets that the pod sent and got. */
export type Seen = readonly (readonly [flow: Flow, from: number, to: number])[];

export const outgoing: Flow = {
  protocol: 'tcp',
  podAddress: '10.0.0.2',
  podPort: 5000,
  peerAddress: '10.9.9.9',
  peerPort: 443,
};
export const datagrams: Flow = { ...outgoing, protocol: 'udp', podPort: 6000 };
/** Into a port that the pod listens on, when that is 8080. */
export const incoming: Flow = { ...outgoing, podPort: 8080, peerAddress: '10.9.9.8', peerPort: 50_000 };

/** A try from the pod that is answered by whoever is there, and the kubelet's way in. */
export const someTries: readonly Try[] = [
  { from: 'pod', protocol: 'tcp', address: '10.96.0.1', port: 443, what: 'API server', probe: false },
  {
    from: 'node',
    protocol: 'tcp',
    address: '10.0.0.2',
    port: 8080,
    what: 'probe from its node',
    probe: true,
  },
];

/** What one place counted: flows, and other protocols by what the pod sent. */
export function counters(
  tried: Seen,
  passed: Seen,
  others: { readonly tried?: Record<string, number>; readonly passed?: Record<string, number> } = {},
): Counters {
  const stage = (seen: Seen, rest: Record<string, number> = {}): Counters['tried'] => ({
    flows: new Map(
      seen.map(([flow, from, to]) => [
        flowKey(flow),
        { flow, from: { packets: from, bytes: from * 60 }, to: { packets: to, bytes: to * 60 } },
      ]),
    ),
    others: new Map(
      Object.entries(rest).map(([name, packets]) => [
        name,
        { from: { packets, bytes: packets }, to: { packets: 0, bytes: 0 } },
      ]),
    ),
    totals: { from: 0, to: 0 },
  });
  return { tried: stage(tried, others.tried), passed: stage(passed, others.passed) };
}

/** One window: what the link counted and which tries were answered. */
export function reading(
  link: Counters | undefined,
  answered: readonly number[],
  inside = noCounters,
): Reading {
  return {
    seconds: 1,
    ...(link === undefined ? {} : { counters: { link, inside } }),
    devices: { from: 0, to: 0 },
    answers: new Map(answered.map((number) => [number, 'connected'])),
    untried: [],
    sockets: [],
  };
}
