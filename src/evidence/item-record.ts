import type { ItemHeader, Outcome } from '../artifacts/item.ts';
import { jsonObject } from '../artifacts/json.ts';
import { escapeForTerminal, isPlain } from '../output/escape.ts';
import { encodeTarHeader, type TarEntry } from './tar-header.ts';

/** One line of items.jsonl. 64-bit numbers are decimal strings; times are nanoseconds since the epoch. */
export interface ItemRecord {
  /** Counts from 1 within the acquisition. */
  readonly item: number;
  readonly artifact: string;
  /** Where it came from: absolute path on the node, path of an API request, or a command's name. */
  readonly source: string;
  /** Name in the tar, `\xNN` per byte where it is not printable UTF-8; then `nameBytes` has the bytes in base64. */
  readonly name: string;
  readonly nameBytes?: string;
  /** The name that was sent, in base64, when it could not be used in the tar. */
  readonly claimedName?: string;
  readonly type: ItemHeader['type'];
  /** Target of a symlink, written as `name` is. */
  readonly target?: string;
  readonly targetBytes?: string;
  readonly outcome: Outcome;
  readonly detail?: string;
  /** Bytes that came. */
  readonly size: number;
  /** Of the bytes that came; files only. */
  readonly sha256?: string;
  /** Offset of the first byte of data in the tar; without it the item has no member. */
  readonly offset?: number;
  /** When its first byte came, by the responder's clock; RFC 3339. */
  readonly collected: string;
  /** May hold credentials. */
  readonly sensitive?: true;
  /** Its content is not what came, but what a redaction left of it. */
  readonly redacted?: true;
  /** What lstat said on the node; `mode` has the type bits. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Above 2^53, as of a file that is all holes, it is the next number that JavaScript has. */
  readonly statSize?: number;
  readonly links?: number;
  readonly inode?: string;
  readonly device?: string;
  readonly accessed?: string;
  readonly modified?: string;
  readonly changed?: string;
}

/** The parts of a record that are known when an item begins. */
export function describeItem(
  header: ItemHeader,
  more: { item: number; name: Buffer; source: string; collected: string; sensitive: boolean },
): Omit<ItemRecord, 'outcome' | 'size'> {
  const { stat, target } = header;
  return {
    item: more.item,
    artifact: header.artifact,
    source: more.source,
    ...textAndBytes('name', more.name),
    ...(header.name.equals(more.name) ? {} : { claimedName: header.name.toString('base64') }),
    type: header.type,
    ...(target === undefined ? {} : textAndBytes('target', target)),
    collected: more.collected,
    ...(more.sensitive ? { sensitive: true as const } : {}),
    ...(stat === undefined
      ? {}
      : {
          mode: stat.mode,
          uid: stat.uid,
          gid: stat.gid,
          statSize: stat.size,
          links: stat.links,
          inode: String(stat.inode),
          device: String(stat.device),
          accessed: String(stat.accessed),
          modified: String(stat.modified),
          changed: String(stat.changed),
        }),
  };
}

function textAndBytes<K extends 'name' | 'target'>(
  key: K,
  bytes: Buffer,
): Record<K, string> & Partial<Record<`${K}Bytes`, string>> {
  const members = { [key]: escapeForTerminal(bytes) };
  if (!isPlain(bytes)) members[`${key}Bytes`] = bytes.toString('base64');
  return members as ReturnType<typeof textAndBytes<K>>;
}

/** Member name of an item in the tar, raw bytes. */
export function itemName(record: ItemRecord): Buffer {
  return record.nameBytes === undefined ? Buffer.from(record.name) : Buffer.from(record.nameBytes, 'base64');
}

/** The header that an item has in the tar; writing and checking both start from it. */
export function itemHeader(record: Omit<ItemRecord, 'outcome'>): Buffer {
  return encodeTarHeader(tarEntry(record));
}

/** An item as a tar entry. Without lstat facts: mode 0600 (directories 0700), root's, time of collection. */
export function tarEntry(record: Omit<ItemRecord, 'outcome'>): TarEntry {
  const bytes = (text: string, raw: string | undefined): Buffer =>
    raw === undefined ? Buffer.from(text) : Buffer.from(raw, 'base64');
  const ownTime = BigInt(Date.parse(record.collected)) * 1_000_000n;
  return {
    name: bytes(record.name, record.nameBytes),
    type: record.type,
    ...(record.target === undefined ? {} : { target: bytes(record.target, record.targetBytes) }),
    mode: record.mode ?? (record.type === 'directory' ? 0o700 : 0o600),
    uid: record.uid ?? 0,
    gid: record.gid ?? 0,
    size: record.size,
    mtime: floorDivide(record.modified === undefined ? ownTime : BigInt(record.modified), 1_000_000_000n),
  };
}

function floorDivide(a: bigint, b: bigint): bigint {
  return a >= 0n || a % b === 0n ? a / b : a / b - 1n;
}

/** Text of one line of items.jsonl, with newline. */
export function encodeItemRecord(record: ItemRecord): string {
  return `${JSON.stringify(record)}\n`;
}

const outcomes: readonly unknown[] = ['ok', 'truncated', 'vanished', 'denied', 'timeout', 'skipped'];
const types: readonly unknown[] = ['file', 'symlink', 'directory'];
const texts = ['artifact', 'source', 'name', 'collected'] as const;
const optionalTexts = ['nameBytes', 'claimedName', 'target', 'targetBytes', 'detail'] as const;
const whole = ['item', 'size'] as const;
const optionalWhole = ['offset', 'mode', 'uid', 'gid', 'links'] as const;
const decimals = ['inode', 'device', 'accessed', 'modified', 'changed'] as const;

/** Reads one line of items.jsonl; undefined when it is none. The case may have been in other hands: every member is checked. */
export function parseItemRecord(text: string): ItemRecord | undefined {
  const record = jsonObject(text);
  if (record === undefined) return undefined;
  const isText = (key: string): boolean => typeof record[key] === 'string';
  const isWhole = (key: string): boolean => Number.isSafeInteger(record[key]) && Number(record[key]) >= 0;
  const isDigest = (key: string): boolean => isText(key) && /^[0-9a-f]{64}$/.test(String(record[key]));
  // Any pod may make a file of 2^63 - 1 bytes in its memory, with times of 64 bits of seconds, which are 28 digits of nanoseconds.
  const isStatSize = (key: string): boolean => Number.isInteger(record[key]) && Number(record[key]) >= 0;
  const isDecimal = (key: string): boolean => isText(key) && /^-?\d{1,28}$/.test(String(record[key]));
  const optional = (check: (key: string) => boolean) => (key: string) =>
    record[key] === undefined || check(key);
  const good =
    texts.every(isText) &&
    whole.every(isWhole) &&
    optionalTexts.every(optional(isText)) &&
    optionalWhole.every(optional(isWhole)) &&
    optional(isStatSize)('statSize') &&
    decimals.every(optional(isDecimal)) &&
    outcomes.includes(record['outcome']) &&
    types.includes(record['type']) &&
    !Number.isNaN(Date.parse(String(record['collected']))) &&
    optional(isDigest)('sha256');
  return good ? (record as unknown as ItemRecord) : undefined;
}
