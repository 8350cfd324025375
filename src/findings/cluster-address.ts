import { BlockList, isIP } from 'node:net';
import {
  jsonObject,
  type JsonObject,
  numberOf,
  objectOf,
  objectsOf,
  textOf,
  textsOf,
} from '../artifacts/json.ts';
import { escapeForTerminal } from '../output/escape.ts';
import { type Indicator, plainAddress } from './indicator.ts';

/** An address that is the cluster's own, so that whoever talks to it is no acquaintance of an intruder who did so too. */
export interface ClusterAddress {
  readonly address: string;
  /** The ports at which it is the cluster's. */
  readonly ports: readonly number[];
  /** As in `it is WHAT`, escaped. */
  readonly what: string;
  /** When somebody made it, RFC 3339; missing for what the servers of Kubernetes keep themselves. */
  readonly created?: string;
}

/** The port of the kubelet (Kubernetes, "Ports and Protocols"); what a node says of its own is not believed. */
const kubeletPort = 10250;

/**
 * The addresses that an answer of the API server gives to the cluster: of Services, of the EndpointSlice of the API server, of nodes.
 * Undefined when the text is no list.
 *
 * What whoever may make a Service can choose is left alone: `externalIPs`, `externalName`, addresses of load balancers, and Services
 * without a selector, which lead wherever their maker wants. A cluster IP can't be chosen outside of the range of the cluster. Of
 * EndpointSlices only the one counts that the API server writes anew every ten seconds; of a node, whose kubelet says what its addresses
 * are, no address of the internet.
 */
export function parseClusterAddresses(bytes: Buffer): ClusterAddress[] | undefined {
  const list = jsonObject(bytes);
  if (list === undefined || !Array.isArray(list['items'])) return undefined;
  const kind = textOf(list['kind']);
  return objectsOf(list['items']).flatMap((item) => {
    if (kind === 'ServiceList') return ofService(item);
    if (kind === 'EndpointSliceList') return ofApiServer(item);
    return kind === 'NodeList' ? ofNode(item) : [];
  });
}

function ofService(item: JsonObject): ClusterAddress[] {
  const [metadata, spec] = [objectOf(item['metadata']), objectOf(item['spec'])];
  const [namespace = '', name = ''] = [textOf(metadata?.['namespace']), textOf(metadata?.['name'])];
  const api = namespace === 'default' && name === 'kubernetes';
  const created = textOf(metadata?.['creationTimestamp']);
  if (spec?.['type'] === 'ExternalName') return [];
  if (!api && (created === undefined || Object.keys(objectOf(spec?.['selector']) ?? {}).length === 0))
    return [];
  const place = escapeForTerminal(`${namespace}/${name}`);
  return addressesIn([textOf(spec?.['clusterIP']) ?? '', ...textsOf(spec?.['clusterIPs'])]).map(
    (address) => ({
      address,
      ports: objectsOf(spec?.['ports']).flatMap(({ port }) => numberOf(port) ?? []),
      what: api ? `the API server (Service ${place})` : `Service ${place}`,
      ...(api || created === undefined ? {} : { created }),
    }),
  );
}

function ofApiServer(item: JsonObject): ClusterAddress[] {
  const metadata = objectOf(item['metadata']);
  if (metadata?.['namespace'] !== 'default' || metadata['name'] !== 'kubernetes') return [];
  const ports = objectsOf(item['ports']).flatMap(({ port }) => numberOf(port) ?? []);
  const addresses = objectsOf(item['endpoints']).flatMap((endpoint) => textsOf(endpoint['addresses']));
  return addressesIn(addresses).map((address) => ({ address, ports, what: 'the API server' }));
}

function ofNode(item: JsonObject): ClusterAddress[] {
  const name = textOf(objectOf(item['metadata'])?.['name']) ?? '';
  const addresses = objectsOf(objectOf(item['status'])?.['addresses'])
    .filter(({ type }) => type === 'InternalIP')
    .map(({ address }) => textOf(address) ?? '');
  return addressesIn(addresses)
    .filter(isPrivate)
    .map((address) => ({
      address,
      ports: [kubeletPort],
      what: `the kubelet of node ${escapeForTerminal(name)}`,
    }));
}

function addressesIn(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text) => isIP(text) !== 0).map(plainAddress))];
}

/**
 * Why an address that an intruder talked to tells nothing of others who do; undefined when it does. A Service counts that was made
 * before `suspected`, RFC 3339, when what is suspected began: a younger one may be the intruder's way to himself.
 */
export function commonReason(
  { type, value, port }: Indicator,
  cluster: readonly ClusterAddress[],
  suspected: string | undefined,
): string | undefined {
  if (type !== 'address') return undefined;
  if (isLinkLocal(value)) return 'every node has this address for itself, as that of the metadata service';
  const limit = Date.parse(suspected ?? '');
  return cluster.find(
    ({ address, ports, created }) =>
      address === value &&
      (port === undefined || ports.includes(port)) &&
      (created === undefined || Date.parse(created) < limit),
  )?.what;
}

/** The networks of RFC 1918, RFC 6598 and RFC 4193. */
function isPrivate(address: string): boolean {
  const list = new BlockList();
  list.addSubnet('10.0.0.0', 8);
  list.addSubnet('172.16.0.0', 12);
  list.addSubnet('192.168.0.0', 16);
  list.addSubnet('100.64.0.0', 10);
  list.addSubnet('fc00::', 7, 'ipv6');
  return contains(list, address);
}

/** No router forwards these (RFC 3927, RFC 4291). */
function isLinkLocal(address: string): boolean {
  const list = new BlockList();
  list.addSubnet('169.254.0.0', 16);
  list.addSubnet('fe80::', 10, 'ipv6');
  return contains(list, address);
}

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
