import { isIP } from 'node:net';

/** What of an intrusion can be looked for elsewhere. */
export const indicatorTypes = [
  ...(['sha256', 'path', 'name', 'address', 'domain'] as const),
  ...(['image', 'service-account', 'ssh-key', 'cron'] as const),
] as const;
export type IndicatorType = (typeof indicatorTypes)[number];

/** One thing to look for, in the form in which it is compared. */
export interface Indicator {
  readonly type: IndicatorType;
  /** Hex; an absolute path; a file's or program's name; an IP address; a host's name; sha256:HEX; NAMESPACE:NAME; SHA256:BASE64; a command. */
  readonly value: string;
  /** Of an address, where it is known. */
  readonly port?: number;
  /** Of a file, in bytes, where it is known. */
  readonly size?: number;
  /** Where it comes from: a finding of a case, or file and line of a list. */
  readonly from: string;
}

/** sha256 of no bytes: every empty file has it. */
const ofNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** A text as an indicator of a type; a sentence when it can be none. */
export function indicatorOf(type: IndicatorType, text: string, from: string): Indicator | string {
  const value = text.trim();
  switch (type) {
    case 'sha256': {
      const hex = value.toLowerCase();
      if (!/^[0-9a-f]{64}$/.test(hex)) return 'no sha256; other digests are not looked for';
      return hex === ofNothing ? 'the sha256 of an empty file says nothing' : { type, value: hex, from };
    }
    case 'path':
      return /^\/./.test(value) ? { type, value, from } : 'no absolute path';
    case 'name':
      return value !== '' && !value.includes('/') ? { type, value, from } : 'no name of a file';
    case 'address':
      return addressOf(value, from);
    case 'domain': {
      const name = value.toLowerCase().replace(/\.$/, '');
      return /^(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(name)
        ? { type, value: name, from }
        : 'no name of a host';
    }
    case 'image': {
      const digest = /(?:^|@)(sha256:[0-9a-f]{64})$/.exec(value.toLowerCase())?.[1];
      return digest === undefined ? 'no digest of an image; tags move' : { type, value: digest, from };
    }
    case 'service-account': {
      const [, namespace, name] =
        /^(?:system:serviceaccount:)?([a-z0-9-]+)[:/]([a-z0-9.-]+)$/.exec(value) ?? [];
      return namespace === undefined || name === undefined
        ? 'no ServiceAccount such as NAMESPACE:NAME'
        : { type, value: `${namespace}:${name}`, from };
    }
    case 'ssh-key':
      return /^SHA256:[A-Za-z0-9+/]{43}$/.test(value)
        ? { type, value, from }
        : 'no fingerprint of a key as ssh-keygen -l prints it';
    case 'cron':
      return value.length > 3 ? { type, value, from } : 'no command of a crontab';
  }
}

function addressOf(value: string, from: string): Indicator | string {
  const [, bracketed, port] = /^\[([^\]]+)\](?::([0-9]{1,5}))?$/.exec(value) ?? [];
  const [, plain, plainPort] = /^([0-9.]+):([0-9]{1,5})$/.exec(value) ?? [];
  const host = plainAddress(bracketed ?? plain ?? value);
  if (isIP(host) === 0) return 'no IP address';
  if (/^(?:127\.|0\.0\.0\.0$|::1?$)/.test(host)) return 'an address that every machine has';
  const number = Number(port ?? plainPort ?? 0);
  return { type: 'address', value: host, ...(number > 0 && number < 65536 ? { port: number } : {}), from };
}

/** An address as it is compared: IPv4 in IPv6 is IPv4 (RFC 4291, 2.5.5.2), and IPv6 in one way of writing (RFC 5952). */
export function plainAddress(text: string): string {
  const mapped = /^::ffff:([0-9.]+)$/i.exec(text)?.[1];
  if (mapped !== undefined) return mapped;
  return isIP(text) === 6 && !text.includes('%') ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
}

/** A key by which equal indicators are one. */
export function indicatorKey({ type, value, port }: Indicator): string {
  return `${type} ${value}${port === undefined ? '' : ` ${port}`}`;
}

/** Each indicator once, the first that says it; a size is taken from whichever knows it. */
export function distinct(indicators: readonly Indicator[]): Indicator[] {
  const byKey = new Map<string, Indicator>();
  for (const one of indicators) {
    const key = indicatorKey(one);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, one);
    else if (known.size === undefined && one.size !== undefined) byKey.set(key, { ...known, size: one.size });
  }
  return [...byKey.values()];
}
