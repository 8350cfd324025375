import { isIP } from 'node:net';
import type { Node, Service } from '../cluster/objects.ts';
import { type Labels, selects } from '../cluster/selector.ts';

/** An address of the cluster that the pod may be able to reach; never one taken from the pod's own connections. */
export interface Peer {
  /** What it is, such as `API server`. */
  readonly what: string;
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
}

/** A Service of the pod, by which others reach it. */
export interface OwnService {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly port: number;
  /** Where it leads on the pod. */
  readonly podPort: number;
  readonly nodePort?: number;
}

/** What new connections are tried to, and by which ways others reach the pod. */
export interface KnownPeers {
  readonly out: readonly Peer[];
  readonly services: readonly OwnService[];
  /** Addresses of the pod's node in the API. */
  readonly node: readonly string[];
}

/** Objects around the pod; what is not there, or may not be read, is not tried. */
export interface PeerObjects {
  readonly node: Node | undefined;
  /** All of the pod's namespace. */
  readonly services: readonly Service[];
  readonly apiServer: Service | undefined;
  /** Addresses behind it, with their port. */
  readonly apiServers: readonly { readonly address: string; readonly port: number }[];
  readonly dns: Service | undefined;
  /** Where the user allows a try outside of the cluster. */
  readonly outside?: { readonly address: string; readonly port: number };
}

/** The metadata service of clouds: on IPv4 all of them have it here, on IPv6 AWS does (Amazon EC2 user guide, IMDS). */
const metadata = ['169.254.169.254', 'fd00:ec2::254'];
/** Nobody listens on it: a host that is reached refuses (the discard service, RFC 863, is long gone). */
export const closedPort = 9;
const kubeletPort = 10_250;
/** Services tried of either kind. */
const serviceLimit = 2;

/** Peers for a pod with these labels and named ports. */
export function knownPeers(
  objects: PeerObjects,
  pod: { readonly labels: Labels; readonly namedPorts: ReadonlyMap<string, number> },
): KnownPeers {
  const { services } = objects;
  const node = (objects.node?.status?.addresses ?? [])
    .filter((one) => one.type === 'InternalIP' && isIP(one.address) !== 0)
    .map((one) => one.address);
  const own = services.filter((service) => chosen(service, pod.labels));
  const others = services.filter((service) => !chosen(service, pod.labels) && tcpPort(service) !== undefined);
  const nodePorts = [...others, ...own].filter((service) => tcpPort(service)?.nodePort !== undefined);
  const tcp = (what: string, address: string, port: number): Peer => ({
    what,
    address,
    port,
    protocol: 'tcp',
  });
  const { outside } = objects;
  return {
    out: [
      ...throughService('API server', objects.apiServer, ['tcp']),
      ...objects.apiServers
        .slice(0, serviceLimit)
        .map((one) => tcp('API server itself', one.address, one.port)),
      ...throughService('cluster DNS', objects.dns, ['udp', 'tcp']),
      ...node.flatMap((address) => [
        tcp('kubelet of its node', address, kubeletPort),
        tcp('host network of its node', address, closedPort),
        { what: 'host network of its node', address, port: closedPort, protocol: 'udp' } as const,
      ]),
      ...others
        .slice(0, serviceLimit)
        .flatMap((one) => throughService(`service/${nameOf(one)}`, one, ['tcp'])),
      ...nodePorts
        .slice(0, 1)
        .flatMap((service) =>
          node.map((address) => tcp('node port', address, tcpPort(service)?.nodePort ?? closedPort)),
        ),
      ...metadata.map((address) => tcp('metadata service', address, 80)),
      ...(outside === undefined ? [] : [tcp('outside', outside.address, outside.port)]),
    ],
    services: own.slice(0, serviceLimit).flatMap((service) => ownService(service, pod.namedPorts)),
    node,
  };
}

function throughService(
  what: string,
  service: Service | undefined,
  protocols: readonly ('tcp' | 'udp')[],
): Peer[] {
  if (service === undefined) return [];
  return clusterAddresses(service).flatMap((address) =>
    protocols.flatMap((protocol) => {
      const port = service.spec?.ports?.find(
        (one) => (one.protocol ?? 'TCP') === protocol.toUpperCase(),
      )?.port;
      return port === undefined ? [] : [{ what, address, port, protocol }];
    }),
  );
}

function ownService(service: Service, named: ReadonlyMap<string, number>): OwnService[] {
  const port = tcpPort(service);
  if (port === undefined) return [];
  const target: unknown = port.targetPort ?? port.port;
  const podPort = typeof target === 'string' && !/^\d+$/.test(target) ? named.get(target) : Number(target);
  if (podPort === undefined || !Number.isInteger(podPort)) return [];
  const addresses = clusterAddresses(service);
  const { nodePort } = port;
  return [
    {
      name: nameOf(service),
      addresses,
      port: port.port,
      podPort,
      ...(nodePort === undefined ? {} : { nodePort }),
    },
  ];
}

/** None for a headless Service, whose value is `None`. */
function clusterAddresses({ spec }: Service): string[] {
  return (spec?.clusterIPs ?? [spec?.clusterIP ?? '']).filter((address) => isIP(address) !== 0);
}

function tcpPort(service: Service): NonNullable<NonNullable<Service['spec']>['ports']>[number] | undefined {
  return service.spec?.ports?.find((one) => (one.protocol ?? 'TCP') === 'TCP');
}

function chosen(service: Service, labels: Labels): boolean {
  const selector = service.spec?.selector ?? {};
  return Object.keys(selector).length > 0 && selects({ matchLabels: selector }, labels);
}

function nameOf(service: Service): string {
  return service.metadata?.name ?? '';
}
