import type { FileStat, ItemEnd, ItemHeader, Outcome } from '../artifacts/item.ts';
import { FrameError } from './blocks.ts';

/** One parsed line of a block's records. */
export type FrameRecord =
  | { readonly kind: 'item'; readonly header: Omit<ItemHeader, 'sequence'> }
  | { readonly kind: 'data'; readonly length: number }
  | { readonly kind: 'end'; readonly end: ItemEnd }
  | { readonly kind: 'over'; readonly items: number; readonly exitCode: number };

const plain = '[A-Za-z0-9_./:@=,+-]';
const escaped = `((?:${plain}|%[0-9a-f]{2})*)`;
const itemLine = new RegExp(
  `^item ([a-z0-9][a-z0-9._-]{0,63}) (file|symlink|directory) =${escaped} =${escaped} (.+)$`,
);
const dataLine = /^data (0|[1-9]\d{0,7})$/;
const endLine = new RegExp(
  `^end (ok|truncated|vanished|denied|timeout|skipped) (0|[1-9]\\d{0,15}) =${escaped}$`,
);
const overLine = /^over (0|[1-9]\d{0,9}) (0|[1-9]\d{0,2})$/;
const date = '([^|]{1,64})';
/** Decimal digits of what the kernel keeps in 32 bits (owners, links), and in 64 (sizes, numbers of inodes and devices, seconds). */
const number32 = '(\\d{1,10})';
const number64 = '(\\d{1,20})';
const time = '(-?\\d{1,19})';
const statLine = new RegExp(
  `^([0-9a-f]{4,8}) ${number32} ${number32} ${number64} ${number32} ${number64} ${number64} ${time} ${time} ${time} ${date}\\|${date}\\|${date}\\|\\d+ \\d+$`,
);

/** Reads one line (frames.ts has the grammar). Throws FrameError for anything else. */
export function parseRecord(line: string): FrameRecord {
  const item = itemLine.exec(line);
  if (item) return { kind: 'item', header: headerOf(item) };
  const data = dataLine.exec(line);
  if (data) return { kind: 'data', length: Number(data[1]) };
  const end = endLine.exec(line);
  if (end) {
    const detail = unescapeBytes(end[3] ?? '').toString('latin1');
    const ended = { outcome: end[1] as Outcome, length: Number(end[2]) };
    return { kind: 'end', end: detail === '' ? ended : { ...ended, detail: printable(detail) } };
  }
  const over = overLine.exec(line);
  if (over) return { kind: 'over', items: Number(over[1]), exitCode: Number(over[2]) };
  throw new FrameError('a block holds a line that is no record');
}

function headerOf(match: RegExpExecArray): Omit<ItemHeader, 'sequence'> {
  const [, artifact = '', type = '', escapedName = '', escapedTarget = '', facts = ''] = match;
  const name = unescapeBytes(escapedName);
  if (!isMemberName(name)) throw new FrameError('a block holds an item whose name could leave its archive');
  if (type !== 'symlink' && escapedTarget !== '')
    throw new FrameError('a block holds a target without a link');
  return {
    artifact,
    name,
    type: type as ItemHeader['type'],
    ...(type === 'symlink' ? { target: unescapeBytes(escapedTarget) } : {}),
    ...(facts === '-' ? {} : { stat: parseStat(facts) }),
  };
}

/** Relative, without NUL, and without empty, `.` or `..` segments. */
function isMemberName(name: Buffer): boolean {
  if (name.includes(0)) return false;
  return name
    .toString('latin1')
    .split('/')
    .every((segment) => segment !== '' && segment !== '.' && segment !== '..');
}

/**
 * What `stat -c '%f %u %g %s %h %i %d %X %Y %Z %x|%y|%z|%b %B'` of busybox prints; the dates are only read for their
 * fraction, which has nine digits or is absent.
 */
function parseStat(facts: string): FileStat {
  const match = statLine.exec(facts);
  if (!match) throw new FrameError('a block holds facts of a file that cannot be read');
  const field = (i: number): string => match[i] ?? '';
  return {
    mode: Number.parseInt(field(1), 16),
    uid: Number(field(2)),
    gid: Number(field(3)),
    size: Number(field(4)),
    links: Number(field(5)),
    inode: BigInt(field(6)),
    device: BigInt(field(7)),
    accessed: nanoseconds(field(8), field(11)),
    modified: nanoseconds(field(9), field(12)),
    changed: nanoseconds(field(10), field(13)),
  };
}

function nanoseconds(seconds: string, dateText: string): bigint {
  const fraction = /\.(\d{9})(?: |$)/.exec(dateText)?.[1] ?? '0';
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction);
}

/** Bytes of a string in which `%xx` stands for a byte. */
function unescapeBytes(text: string): Buffer {
  return Buffer.from(
    text.replaceAll(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

/** Other people's error text in one line of printable ASCII. */
function printable(text: string): string {
  return text.trim().replaceAll(/[^ -~]/g, '?');
}
