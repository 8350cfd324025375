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
// Looks behind itself, so that a long word is looked at once and not from each of its letters.
const field = /(?<![A-Za-z0-9_-])([A-Za-z0-9_-]+)=(?:"([^"]*)"|'([^']*)'|(\{[^}]*\})|(\S*))/g;
/** Written by `audit_log_untrustedstring` or as an argument: quoted when harmless, else in hexadecimal. */
const encoded =
  /^(?:a[0-9]+(?:\[[0-9]+\])?|acct|cmd|comm|cwd|data|device|dir|exe|file|grp|key|name|new_group|ocomm|path|proctitle|saddr|sw|vm|watch)$/;

/**
 * The records of audit.log: auditd's raw and enriched format (audit-documentation, spec of the audit event feed;
 * kernel/audit.c `audit_log_untrustedstring`). What enrichment adds behind U+001D is left out: it says the same again.
 */
export function* parseAudit(bytes: Buffer): Generator<AuditRecord | Malformed> {
  for (const { bytes: line, offset } of lines(bytes)) {
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
    addFields(fields, type, whole.slice(match[0].length, enriched < 0 ? undefined : enriched));
    yield { type, time, serial, ...(node === undefined ? {} : { node }), fields };
  }
}

/** The first value of a name counts, so that nothing later can replace what the kernel wrote. */
function addFields(fields: Map<string, Buffer>, type: string, text: string): void {
  for (const [, name = '', quoted, nested, braced, plain = ''] of text.matchAll(field)) {
    if (nested !== undefined && name === 'msg') addFields(fields, type, nested);
    else if (!fields.has(name)) {
      const bare = nested ?? braced ?? plain;
      fields.set(name, quoted === undefined ? decoded(type, name, bare) : Buffer.from(quoted, 'latin1'));
    }
  }
}

function decoded(type: string, name: string, text: string): Buffer {
  const isArgument = /^a[0-9]/.test(name) && type !== 'EXECVE';
  return encoded.test(name) && name !== 'saddr' && !isArgument && /^(?:[0-9A-F]{2})+$/.test(text)
    ? Buffer.from(text, 'hex')
    : Buffer.from(text, 'latin1');
}
