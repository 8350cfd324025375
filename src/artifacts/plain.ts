import { escapeForTerminal } from '../output/escape.ts';
import { terminalLine } from '../output/line.ts';

/**
 * A record as JSON can hold it: bytes as the text that they are; where they are not printable UTF-8, `\xNN` stands in the
 * text, and the bytes are there in base64 too, under the same name with `Bytes` behind it; whole numbers above 2^53 as decimal text; maps as objects.
 */
export function plainRecord(record: object): Record<string, unknown> {
  return plainEntries(Object.entries(record));
}

function plainEntries(entries: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const plain: [string, unknown][] = [];
  for (const [name, value] of entries) {
    if (value === undefined) continue;
    plain.push([name, plainValue(value)]);
    const bytes = lossyBytes(value);
    if (bytes !== undefined) plain.push([`${name}Bytes`, bytes]);
  }
  // Not by assignment: a label may be called `__proto__`.
  return Object.fromEntries(plain);
}

function plainValue(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return isText(value) ? value.toString('utf8') : escapeForTerminal(value);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(plainValue);
  if (value instanceof Set) return [...value].map(plainValue);
  if (value instanceof Map) return plainEntries([...value].map(([name, one]) => [String(name), one]));
  return typeof value === 'object' && value !== null ? plainRecord(value) : value;
}

/** Base64 of bytes that their text does not give back to somebody who takes it as it stands. */
function lossyBytes(value: unknown): string | readonly string[] | undefined {
  if (Buffer.isBuffer(value)) return isText(value) ? undefined : value.toString('base64');
  if (!Array.isArray(value) || !value.every((one) => Buffer.isBuffer(one))) return undefined;
  return value.every(isText) ? undefined : value.map((one) => one.toString('base64'));
}

/** True for printable UTF-8; a backslash is one, as nothing is escaped where this is true. */
function isText(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  return terminalLine(text) === text && Buffer.from(text).equals(bytes);
}
