import { endpoint, type Flow } from './counters.ts';
import type { InetSocket } from '../artifacts/net-inet.ts';

/** A new TCP connection that we try ourselves, from the pod's network namespace (`from`) or from the node (`to` the pod). */
export interface Try {
  readonly side: 'from' | 'to';
  readonly address: string;
  readonly port: number;
  /** What it is, such as `cluster DNS`. */
  readonly what: string;
  /** A kubelet probe's way, which must stay open. */
  readonly probe: boolean;
}

/** Addresses of the cluster's own that a pod can usually reach. */
export interface KnownPeers {
  /** ClusterIP of default/kubernetes and its port. */
  readonly apiServer?: { readonly address: string; readonly port: number };
  /** ClusterIP of the cluster's DNS service. */
  readonly dns?: { readonly address: string; readonly port: number };
  /** Address of the pod's node. */
  readonly node?: string;
}

/** Ports that the pod listens on and that are tried from the node, at most. */
const inboundLimit = 3;

/**
 * What to try for one pod. Never an address taken from the pod's own connections: that would tell an attacker's server.
 * Inbound: TCP ports that listen on the pod's address, or else that its containers declare.
 */
export function triesFor(
  peers: KnownPeers,
  pod: {
    readonly address: string;
    readonly ports: readonly number[];
    readonly probePorts: readonly number[];
  },
): Try[] {
  const from = (what: string, address: string, port: number): Try => ({
    side: 'from',
    address,
    port,
    what,
    probe: false,
  });
  const inbound = pod.ports.filter((port) => !pod.probePorts.includes(port)).slice(0, inboundLimit);
  return [
    ...(peers.apiServer ? [from('API server', peers.apiServer.address, peers.apiServer.port)] : []),
    ...(peers.dns ? [from('cluster DNS', peers.dns.address, peers.dns.port)] : []),
    ...(peers.node === undefined ? [] : [from('kubelet of its node', peers.node, 10_250)]),
    ...inbound.map(
      (port) => ({ side: 'to', address: pod.address, port, what: 'its node', probe: false }) as const,
    ),
    ...pod.probePorts.map(
      (port) =>
        ({ side: 'to', address: pod.address, port, what: 'probe from its node', probe: true }) as const,
    ),
  ];
}

/** Ports that listen on every address or on the pod's own. */
export function listeningPorts(sockets: readonly InetSocket[], address: string): number[] {
  const open = ['0.0.0.0', '::', address, `::ffff:${address}`];
  const ports = sockets
    .filter((socket) => socket.state === 'LISTEN' && open.includes(socket.localAddress))
    .map((socket) => socket.localPort);
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** `new tcp pod -> API server 10.96.0.1:443`. */
export function tryText(one: Try): string {
  return one.side === 'from'
    ? `new tcp pod -> ${one.what} ${endpoint(one.address, one.port)}`
    : `new tcp ${one.what} -> pod ${endpoint(one.address, one.port)}`;
}

/** True for a flow that only our own tries can have made: its far end is one of theirs, and the pod had no such socket before. */
export function isOwnTry(
  flow: Flow,
  tries: readonly Try[],
  nodeAddresses: readonly string[],
  sockets: readonly InetSocket[],
): boolean {
  if (flow.protocol !== 'tcp') return false;
  const tried = tries.some((one) =>
    one.side === 'from'
      ? flow.peerAddress === one.address && flow.peerPort === one.port
      : flow.podPort === one.port && nodeAddresses.includes(flow.peerAddress),
  );
  return (
    tried &&
    !sockets.some((socket) => socket.localPort === flow.podPort && socket.remotePort === flow.peerPort)
  );
}
