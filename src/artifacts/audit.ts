import { instantText } from './instant.ts';
import { type Malformed, decimal, lines } from './lines.ts';

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

const head = /^(?:node=(\S+) )?type=(\S+) msg=audit\(([0-9]{1,12})\.([0-9]{3}):([0-9]{1,20})\): ?/;
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
  for (const { bytes: line, offset } of lines(bytes)) {
    // One letter for each byte, so that places in the text are places in the line.
    const whole = line.toString('latin1');
    const match = head.exec(whole);
    const serial = decimal(match?.[5]);
    const time = match === null ? undefined : instantText(Number(match[3]), Number(match[4]), 3);
    if (match === null || serial === undefined || time === undefined) {
      yield { malformed: 'no record of the audit trail', offset };
      continue;
    }
    const [, node, type = ''] = match;
    const enriched = whole.indexOf('\u001d');
    const fields = new Map<string, Buffer>();
    const end = enriched < 0 ? whole.length : enriched;
    addFields(fields, type, whole.slice(match[0].length, end), line.subarray(match[0].length, end));
    yield { type, time, serial, ...(node === undefined ? {} : { node }), fields };
  }
}

/**
 * Puts the `name=value` of a text into `fields`; `bytes` are those of the text. The first value of a name counts, so that
 * nothing later can replace what the kernel wrote. Looks at each letter a bounded number of times, however long the text.
 */
function addFields(fields: Map<string, Buffer>, type: string, text: string, bytes: Buffer): void {
  const lastBrace = text.lastIndexOf('}');
  let at = 0;
  for (let equals = text.indexOf('='); equals >= 0; equals = text.indexOf('=', at)) {
    const name = nameBefore(text, equals, at);
    const start = equals + 1;
    at = start;
    if (name === '') continue;
    const close = closeOf(text, start, lastBrace);
    if (close < 0) {
      const blank = text.indexOf(' ', start);
      at = blank < 0 ? text.length : blank;
      if (!fields.has(name)) fields.set(name, decoded(type, name, text, bytes, start, at));
      continue;
    }
    at = close + 1;
    const opener = text.charCodeAt(start);
    if (opener === apostrophe && name === 'msg')
      addFields(fields, type, text.slice(start + 1, close), bytes.subarray(start + 1, close));
    else if (!fields.has(name))
      fields.set(name, opener === brace ? bytes.subarray(start, at) : bytes.subarray(start + 1, close));
  }
}

const quote = 0x22;
const apostrophe = 0x27;
const brace = 0x7b;

/** Where the quoted or braced value ends that begins at `start`; -1 when it is neither, or has no end. */
function closeOf(text: string, start: number, lastBrace: number): number {
  const opener = text.charCodeAt(start);
  if (opener === quote) return text.indexOf('"', start + 1);
  if (opener === apostrophe) return text.indexOf("'", start + 1);
  return opener === brace && lastBrace > start ? text.indexOf('}', start + 1) : -1;
}

/** The name before a place, not further back than `least`. */
function nameBefore(text: string, end: number, least: number): string {
  let start = end;
  while (start > least && ofName[text.charCodeAt(start - 1)] === 1) start -= 1;
  return text.slice(start, end);
}

/** 1 for what a name is made of: letters, digits, `_`, `-` and brackets. */
const ofName = Uint8Array.from({ length: 256 }, (_, code) =>
  Number(/[\w[\]-]/.test(String.fromCharCode(code))),
);

function decoded(
  type: string,
  name: string,
  text: string,
  bytes: Buffer,
  start: number,
  end: number,
): Buffer {
  if (encoded.has(name) || (type === 'EXECVE' && programArgument.test(name))) {
    const value = text.slice(start, end);
    if (hex.test(value)) return Buffer.from(value, 'hex');
  }
  return bytes.subarray(start, end);
}
