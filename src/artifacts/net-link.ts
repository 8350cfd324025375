import type { ByteOrder } from './byte-order.ts';
import { type Malformed, decimal, fields, hexadecimal, lines } from './lines.ts';
import { ipv6 } from './net-inet.ts';

/** A machine on the same link: /proc/net/arp, net/ipv4/arp.c `arp_format_neigh_entry`. */
export interface Neighbour {
  readonly address: string;
  readonly hardware: string;
  /** ATF_*: 2 complete, 4 permanent. */
  readonly flags: number;
  readonly device: string;
}

/** A route of either family. */
export interface Route {
  /** `0.0.0.0/0` or `::/0` is the default. */
  readonly destination: string;
  readonly gateway: string;
  /** RTF_* of include/uapi/linux/route.h. */
  readonly flags: number;
  readonly metric: number;
  readonly device: string;
}

/** An address of IPv6 of an interface: net/ipv6/addrconf.c `if6_seq_show`. */
export interface InterfaceAddress {
  readonly address: string;
  readonly prefix: number;
  readonly interfaceIndex: number;
  readonly device: string;
}

/** The rows of /proc/net/arp. */
export function* parseArp(bytes: Buffer): Generator<Neighbour | Malformed> {
  for (const { bytes: line, offset } of lines(bytes)) {
    const [address = '', , flags, hardware = '', , device = ''] = fields(line, 6)?.values ?? [];
    if (address === 'IP') continue;
    const bits = hexadecimal(flags?.replace(/^0x/, ''));
    if (!/^[0-9.]{7,15}$/.test(address) || bits === undefined || device === '')
      yield { malformed: 'no row of the neighbour table', offset };
    else yield { address, hardware, flags: bits, device };
  }
}

/**
 * The rows of /proc/net/route (net/ipv4/fib_trie.c `fib_route_seq_show`). Addresses are native-endian words; which that is,
 * their masks tell, whose bits have no gap.
 */
export function* parseRoutes(bytes: Buffer): Generator<Route | Malformed> {
  const order = orderOfMasks(bytes);
  for (const { bytes: line, offset } of lines(bytes)) {
    const [device = '', destination, gateway, flags, , , metric, mask] = fields(line, 8)?.values ?? [];
    if (device === 'Iface') continue;
    const words = [destination, gateway, mask].map((word) => ipv4(word, order));
    const [to, by, netmask] = words;
    const bits = hexadecimal(flags);
    const cost = decimal(metric);
    if (
      to === undefined ||
      by === undefined ||
      netmask === undefined ||
      bits === undefined ||
      cost === undefined
    )
      yield { malformed: 'no row of the route table', offset };
    else
      yield {
        destination: `${to.join('.')}/${prefixOf(netmask)}`,
        gateway: by.join('.'),
        flags: bits,
        metric: cost,
        device,
      };
  }
}

/** The rows of /proc/net/ipv6_route (net/ipv6/ip6_fib.c `ipv6_route_native_seq_show`): addresses are in network order. */
export function* parseRoutes6(bytes: Buffer): Generator<Route | Malformed> {
  for (const { bytes: line, offset } of lines(bytes)) {
    const [to = '', length, , , by = '', metric, , , flags, device = ''] = fields(line, 10)?.values ?? [];
    const prefix = hexadecimal(length);
    const cost = hexadecimal(metric);
    const bits = hexadecimal(flags);
    if (
      !isAddress6(to) ||
      !isAddress6(by) ||
      prefix === undefined ||
      cost === undefined ||
      bits === undefined
    )
      yield { malformed: 'no row of the route table of IPv6', offset };
    else
      yield {
        destination: `${address6(to)}/${prefix}`,
        gateway: address6(by),
        flags: bits,
        metric: cost,
        device,
      };
  }
}

/** The rows of /proc/net/if_inet6. */
export function* parseInterfaceAddresses(bytes: Buffer): Generator<InterfaceAddress | Malformed> {
  for (const { bytes: line, offset } of lines(bytes)) {
    const [address = '', index, length, , , device = ''] = fields(line, 6)?.values ?? [];
    const interfaceIndex = hexadecimal(index);
    const prefix = hexadecimal(length);
    if (!isAddress6(address) || interfaceIndex === undefined || prefix === undefined)
      yield { malformed: 'no row of the addresses of IPv6', offset };
    else yield { address: address6(address), prefix, interfaceIndex, device };
  }
}

function isAddress6(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text);
}

function address6(text: string): string {
  return ipv6(Buffer.from(text, 'hex'));
}

function ipv4(text: string | undefined, order: ByteOrder): Buffer | undefined {
  if (text === undefined || !/^[0-9A-F]{8}$/i.test(text)) return undefined;
  const bytes = Buffer.from(text, 'hex');
  return order === 'little' ? bytes.swap32() : bytes;
}

function orderOfMasks(table: Buffer): ByteOrder {
  for (const { bytes } of lines(table)) {
    const mask = fields(bytes, 8)?.values[7];
    if (isMask(ipv4(mask, 'little')) !== isMask(ipv4(mask, 'big')))
      return isMask(ipv4(mask, 'big')) ? 'big' : 'little';
  }
  return 'little';
}

function isMask(mask: Buffer | undefined): boolean {
  const gap = ~(mask?.readUInt32BE(0) ?? 0) >>> 0;
  return (gap & (gap + 1)) === 0;
}

/** Bits of a mask before its first zero. */
function prefixOf(mask: Buffer): number {
  return Math.clz32(~mask.readUInt32BE(0));
}
