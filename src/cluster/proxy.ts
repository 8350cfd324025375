import { BlockList, isIP } from 'node:net';
import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';

/**
 * The proxy for a server, or undefined for a direct connection: the cluster's `proxy-url`, which knows no exceptions,
 * else HTTPS_PROXY (HTTP_PROXY for an http server) without what NO_PROXY excepts, with the rules of Go's httpproxy:
 * localhost and loopback addresses are always direct. Throws OperationError for a URL of another scheme
 * than http, https, socks5 or socks5h.
 */
export function proxyOf(server: URL, proxyUrl: string | undefined, env: Io['env']): URL | undefined {
  if (proxyUrl !== undefined) return parseProxy(proxyUrl, 'proxy-url');
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = variable(env, name);
  if (value === '' || isExcepted(server, variable(env, 'NO_PROXY'))) return undefined;
  return parseProxy(value, name);
}

/** True when `server` is local or an entry of NO_PROXY names it: `*`, address, CIDR, `domain` or `.domain`, each with an optional port. */
export function isExcepted(server: URL, noProxy: string): boolean {
  const host = hostOf(server);
  const port = portOf(server);
  if (host === 'localhost' || isLoopback(host)) return true;
  return noProxy
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== '' && matches(entry, host, port));
}

/** Host of a URL without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

/** Port of a URL, the scheme's when none is written. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return { 'https:': 443, 'http:': 80, 'socks5:': 1080, 'socks5h:': 1080 }[url.protocol] ?? 0;
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true;
  const cidr = /^(.+)\/(\d{1,3})$/.exec(entry);
  if (cidr !== null) return inSubnet(host, cidr[1] ?? '', Number(cidr[2]));
  const [, name = entry, wantedPort] =
    isIP(entry) === 0 ? (/^\[?(.*?)\]?(?::(\d+))?$/.exec(entry) ?? []) : [];
  if (wantedPort !== undefined && Number(wantedPort) !== port) return false;
  if (isIP(name) !== 0) return inSubnet(host, name, isIP(name) === 4 ? 32 : 128);
  const suffix = name.replace(/^\*(?=\.)/, '');
  return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`);
}

function inSubnet(host: string, network: string, prefix: number): boolean {
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || prefix > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, prefix, type);
  return list.check(host, type);
}

function isLoopback(host: string): boolean {
  return inSubnet(host, '127.0.0.0', 8) || inSubnet(host, '::1', 128);
}

function parseProxy(text: string, source: string): URL {
  const full = /^[a-z][a-z0-9]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url === undefined || !/^(https?|socks5h?):$/.test(url.protocol)) {
    throw new OperationError(`invalid ${source}: it must be a URL of http, https, socks5 or socks5h`);
  }
  if (!isEncoded(url.username) || !isEncoded(url.password)) {
    throw new OperationError(`invalid ${source}: a "%" in its user or password must be written as %25`);
  }
  return url;
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** As Go's: one that is empty is the same as none. */
function variable(env: Io['env'], name: string): string {
  return [env[name], env[name.toLowerCase()]].find((value) => value !== undefined && value !== '') ?? '';
}
