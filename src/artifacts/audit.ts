import { instantText } from './instant.ts';
import type { Malformed } from './lines.ts';

/** One record of the kernel's audit trail; records of one event share their serial. */
export interface AuditRecord {
  readonly type: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly time: string;
  readonly serial: number;
  /** Only where several nodes write into one file. */
  readonly node?: string;
  /** Values by name, without quotes and with hex decoded where the kernel encodes; those of `msg='…'` too. */
  readonly fields: ReadonlyMap<string, Buffer>;
}

const head = /^(?:node=(\S+) )?type=(\S+) msg=audit\(([0-9.:]{7,37})\): ?/;
const stampParts = /^([0-9]{1,12})\.([0-9]{3}):([0-9]{1,20})$/;
/** Written by `audit_log_untrustedstring`: quoted when harmless, else in hexadecimal. */
const encoded = new Set(
  'acct cmd comm cwd data device dir exe file grp key name new_group ocomm path proctitle sw vm watch'.split(
    ' ',
  ),
);
/** Of an EXECVE; a long one comes in pieces, `a1[0]`. */
const programArgument = /^a[0-9]+(?:\[[0-9]+\])?$/;
const hex = /^(?:[0-9A-F]{2})+$/;

/**
 * The records of audit.log: auditd's raw and enriched format (audit-documentation, spec of the audit event feed;
 * kernel/audit.c `audit_log_untrustedstring`). What enrichment adds behind U+001D is left out: it says the same again.
 */
export function* parseAudit(bytes: Buffer): Generator<AuditRecord | Malformed> {
  // One letter for each byte, so that places in the text are places in the bytes.
  const text = bytes.toString('latin1');
  let next: number;
  for (let offset = 0; offset < text.length; offset = next + 1) {
    next = text.indexOf('\n', offset);
    if (next < 0) next = text.length;
    const line = text.slice(offset, next);
    const match = head.exec(line);
    const stamp = match === null ? undefined : stampOf(match[3] ?? '');
    if (match === null || stamp === undefined) {
      yield { malformed: 'no record of the audit trail', offset };
      continue;
    }
    const [begin, node, type = ''] = match;
    const { time, serial } = stamp;
    const enriched = line.indexOf('\u001d');
    const end = enriched < 0 ? next : offset + enriched;
    const fields = new Map<string, Buffer>();
    addFields(fields, type, bytes, offset + begin.length, end);
    yield node === undefined ? { type, time, serial, fields } : { type, time, serial, node, fields };
  }
}

interface Stamp {
  readonly text: string;
  readonly time: string;
  readonly serial: number;
}

/** What is in the brackets of `audit(…)`; undefined when it is no time and serial. */
function stampOf(text: string): Stamp | undefined {
  if (text === last?.text) return last;
  const [, seconds, milliseconds, digits] = stampParts.exec(text) ?? [];
  const serial = Number(digits);
  const time = instantText(Number(seconds), Number(milliseconds), 3);
  if (!Number.isSafeInteger(serial) || time === undefined) return undefined;
  return (last = { text, time, serial });
}

/** The one read last: all records of an event have the same. */
let last: Stamp | undefined;

const equals = 0x3d;
const blank = 0x20;
const quote = 0x22;
const apostrophe = 0x27;
const brace = 0x7b;
const closingBrace = 0x7d;

/**
 * Puts the `name=value` between two places into `fields`. The first value of a name counts, so that nothing later can
 * replace what the kernel wrote. Looks at each byte a bounded number of times, however many there are.
 */
function addFields(
  fields: Map<string, Buffer>,
  type: string,
  bytes: Buffer,
  from: number,
  end: number,
): void {
  /** False once a brace was found to have no end. */
  let braces = true;
  let name = from;
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte !== equals) {
      if (ofName[byte] === 0) name = at + 1;
      continue;
    }
    const start = at + 1;
    const key = name === at ? undefined : nameOf(bytes, name, at);
    name = start;
    if (key === undefined) continue;
    const opener = start < end ? bytes[start] : undefined;
    const close = opener === brace && !braces ? -1 : closeOf(opener, bytes, start, end);
    if (close < 0 && opener === brace) braces = false;
    at = close < 0 ? placeOf(blank, bytes, start, end) : close;
    name = at + 1;
    if (close >= 0 && opener === apostrophe && key === 'msg')
      addFields(fields, type, bytes, start + 1, close);
    else if (!fields.has(key))
      fields.set(
        key,
        close < 0
          ? decoded(type, key, bytes, start, at)
          : opener === brace
            ? bytes.subarray(start, close + 1)
            : bytes.subarray(start + 1, close),
      );
  }
}

/** Where a byte is between two places, else the second one. */
function placeOf(byte: number, bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== byte) at += 1;
  return at;
}

/** Where the quoted or braced value ends that begins at `start`; -1 when it is neither, or has no end. */
function closeOf(opener: number | undefined, bytes: Buffer, start: number, end: number): number {
  if (opener !== quote && opener !== apostrophe && opener !== brace) return -1;
  const at = placeOf(opener === brace ? closingBrace : opener, bytes, start + 1, end);
  return at < end ? at : -1;
}

/** The text of a name. */
function nameOf(bytes: Buffer, start: number, end: number): string {
  let hash = 0;
  for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) & (seen.length - 1);
  const known = seen[hash];
  if (known?.length === end - start && isAt(known, bytes, start)) return known;
  return (seen[hash] = bytes.toString('latin1', start, end));
}

function isAt(text: string, bytes: Buffer, start: number): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) !== bytes[start + at]) return false;
  return true;
}

/** Names that were read, each until another takes its place: records have few, and one text for all is faster than many. */
const seen: (string | undefined)[] = Array.from({ length: 256 }, () => undefined);

/** 1 for what a name is made of: letters, digits, `_`, `-` and brackets. */
const ofName = Uint8Array.from({ length: 256 }, (_, code) =>
  Number(/[\w[\]-]/.test(String.fromCharCode(code))),
);

function decoded(type: string, name: string, bytes: Buffer, start: number, end: number): Buffer {
  if (encoded.has(name) || (type === 'EXECVE' && programArgument.test(name))) {
    const value = bytes.toString('latin1', start, end);
    if (hex.test(value)) return Buffer.from(value, 'hex');
  }
  return bytes.subarray(start, end);
}
