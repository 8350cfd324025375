import { isIP } from 'node:net';
import type { InetSocket } from '../artifacts/net-inet.ts';
import { endpoint, type Flow } from './counters.ts';
import type { ZonedAddress } from './link.ts';
import { closedPort, type KnownPeers } from './peers.ts';

export type Family = 'IPv4' | 'IPv6';

/** A new connection that we try ourselves. */
export interface Try {
  /** Who makes it: our programs in the pod's network namespace, those on its node, or a probe pod on that or another node. */
  readonly from: 'pod' | 'node' | Vantage;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly address: string;
  /** 0 for ICMP. */
  readonly port: number;
  /** Link by which a link-local address is reached. */
  readonly link?: string;
  /** What is tried, such as `cluster DNS`, or who tries. */
  readonly what: string;
  /** By what it is led to the pod, and the port where it arrives; another pod may take it. */
  readonly through?: { readonly way: 'service' | 'node port'; readonly podPort: number };
  /** A kubelet probe's way, which must stay open. */
  readonly probe: boolean;
}

/** Where a probe pod stands: on the pod's node or on another. */
export type Vantage = 'near' | 'far';

/** How a try was answered; a port that refuses was reached all the same. */
export type Answer = 'connected' | 'refused';

/** A probe pod that tries can be made from and to. */
export interface Prober {
  readonly node: string;
  readonly addresses: readonly string[];
}

export type Probers = Partial<Readonly<Record<Vantage, Prober>>>;

/** What is known of the pod for the tries. */
export interface TriedPod {
  readonly addresses: readonly string[];
  /** TCP ports that its containers declare. */
  readonly ports: readonly number[];
  readonly probePorts: readonly number[];
  readonly linkLocal: { readonly node: readonly ZonedAddress[]; readonly pod: readonly ZonedAddress[] };
}

/** Ports of the pod that are tried from one place, at most. */
const portLimit = 3;
/** Name of a pod's link as the CNI plugins make it. */
const podLinkName = 'eth0';

/** What to try for one pod: each way in and out, in every family that the pod has. */
export function triesFor(peers: KnownPeers, pod: TriedPod, probers: Probers): Try[] {
  const families = new Set(pod.addresses.map(familyOf));
  const usable = (address: string): boolean => families.has(familyOf(address));
  const vantages = (['near', 'far'] as const).flatMap((from) => {
    const prober = probers[from];
    return prober === undefined ? [] : [{ from, prober }];
  });
  const all = [
    ...peers.out.map((one): Try => ({ ...one, from: 'pod', probe: false })),
    ...vantages.flatMap(({ prober }) => toProber(prober)),
    ...pod.linkLocal.node.flatMap(({ address, link }): Try[] => [
      { from: 'pod', what: 'its node, link-local', protocol: 'icmp', address, port: 0, link, probe: false },
      {
        from: 'pod',
        what: 'its node, link-local',
        protocol: 'tcp',
        address,
        port: closedPort,
        link,
        probe: false,
      },
    ]),
    ...fromNode(pod),
    ...vantages.flatMap(({ from, prober }) => fromProber(from, prober, peers, pod)),
  ];
  return all.filter((one) => one.link !== undefined || usable(one.address));
}

function toProber({ node, addresses }: Prober): Try[] {
  const what = `probe pod on ${node}`;
  return addresses.flatMap((address) => [
    { from: 'pod', what, protocol: 'tcp', address, port: closedPort, probe: false },
    { from: 'pod', what, protocol: 'udp', address, port: closedPort, probe: false },
    { from: 'pod', what, protocol: 'icmp', address, port: 0, probe: false },
  ]);
}

function fromNode(pod: TriedPod): Try[] {
  const what = 'host network of its node';
  const ports = portsOf(pod.ports.filter((port) => !pod.probePorts.includes(port)));
  const [probed = ''] = pod.addresses;
  const tcp = (address: string, port: number): Try => ({
    from: 'node',
    what,
    protocol: 'tcp',
    address,
    port,
    probe: false,
  });
  return [
    ...pod.addresses.flatMap((address) => ports.map((port) => tcp(address, port))),
    ...pod.linkLocal.pod.map(({ address, link }): Try => ({
      ...tcp(address, 0),
      what: `${what}, link-local`,
      protocol: 'icmp',
      link,
    })),
    ...pod.probePorts.map((port): Try => ({
      ...tcp(probed, port),
      what: 'probe from its node',
      probe: true,
    })),
  ];
}

/** No ICMP: a probe pod may not send it. */
function fromProber(from: Vantage, { node }: Prober, peers: KnownPeers, pod: TriedPod): Try[] {
  const what = `probe pod on ${node}`;
  const one = (protocol: Try['protocol'], address: string, port: number): Try => ({
    from,
    what,
    protocol,
    address,
    port,
    probe: false,
  });
  const ports = portsOf([...new Set([...pod.probePorts, ...pod.ports])]);
  return [
    ...pod.addresses.flatMap((address) => [
      ...ports.map((port) => one('tcp', address, port)),
      one('udp', address, closedPort),
    ]),
    ...(from === 'near'
      ? pod.linkLocal.pod.map(({ address }): Try => ({
          ...one('tcp', address, closedPort),
          link: podLinkName,
        }))
      : []),
    ...peers.services.flatMap(({ name, addresses, port, podPort, nodePort }) => [
      ...addresses.map((address): Try => ({
        ...one('tcp', address, port),
        what: `${what} by service/${name}`,
        through: { way: 'service', podPort },
      })),
      ...(nodePort === undefined ? [] : peers.node).map((address): Try => ({
        ...one('tcp', address, nodePort ?? closedPort),
        what: `${what} by node port`,
        through: { way: 'node port', podPort },
      })),
    ]),
  ];
}

function portsOf(ports: readonly number[]): readonly number[] {
  return ports.length === 0 ? [closedPort] : ports.slice(0, portLimit);
}

/** Family of an address. */
export function familyOf(address: string): Family {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}

/** `out` of the pod or `in`. */
export function directionOf(one: Try): 'in' | 'out' {
  return one.from === 'pod' ? 'out' : 'in';
}

/** `new tcp pod -> API server 10.96.0.1:443`. */
export function tryText(one: Try): string {
  const where = one.protocol === 'icmp' ? one.address : endpoint(one.address, one.port);
  if (one.from === 'pod') return `new ${one.protocol} pod -> ${one.what} ${where}`;
  return one.through === undefined
    ? `new ${one.protocol} ${one.what} -> pod ${where}`
    : `new ${one.protocol} ${one.what} ${where} -> pod`;
}

/** The same as a flow is named in a verdict, where kubelet probes are told apart. */
export function triedText(one: Try): string {
  return one.probe ? `probe ${tryText(one)}` : tryText(one);
}

/** One line for the scripts that make tries: `NUMBER [SIDE ]PROTOCOL ADDRESS PORT`. Throws Error for a part that is none. */
export function tryLine(one: Try, number: number, side?: 'pod' | 'node'): string {
  const { protocol, address, port, link } = one;
  if (isIP(address) === 0 || !Number.isInteger(port)) throw new Error('a try goes to no address');
  if (link !== undefined && !/^[\w.-]{1,15}$/.test(link)) throw new Error('a try goes over no link');
  const target = link === undefined ? address : `${address}%${link}`;
  return [number, ...(side === undefined ? [] : [side]), protocol, target, port].join(' ');
}

/** Ports that listen on every address or on one of the pod's own. */
export function listeningPorts(sockets: readonly InetSocket[], addresses: readonly string[]): number[] {
  const open = ['0.0.0.0', '::', ...addresses, ...addresses.map((address) => `::ffff:${address}`)];
  const ports = sockets
    .filter((socket) => socket.state === 'LISTEN' && open.includes(socket.localAddress))
    .map((socket) => socket.localPort);
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** Where packets of our tries come from, as they arrive at the pod. */
export interface Sources {
  /** Of the pod's node, which may stand for others too. */
  readonly node: readonly string[];
  readonly probers: Probers;
}

/** True for a flow that a try can have made: its far end is that of the try, and the pod had no such socket before. */
export function isFlowOf(one: Try, flow: Flow, sources: Sources, sockets: readonly InetSocket[]): boolean {
  if (flow.protocol !== one.protocol || familyOf(flow.podAddress) !== familyOf(one.address)) return false;
  const held = sockets.some(
    (socket) => socket.localPort === flow.podPort && socket.remotePort === flow.peerPort,
  );
  if (held) return false;
  if (one.from === 'pod') return flow.peerAddress === one.address && flow.peerPort === one.port;
  return flow.podPort === podPortOf(one) && sourcesOf(one, sources).includes(flow.peerAddress);
}

/** The port of the pod where an inbound try arrives. */
export function podPortOf(one: Try): number {
  return one.through?.podPort ?? one.port;
}

/** On its way by a Service or a node port a packet may have got the address of a node. */
function sourcesOf(one: Try, { node, probers }: Sources): readonly string[] {
  if (one.from === 'node' || one.from === 'pod') return node;
  const own = probers[one.from]?.addresses ?? [];
  return one.through === undefined ? own : [...own, ...node];
}
