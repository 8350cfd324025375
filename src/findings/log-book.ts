import type { AuditRecord } from '../artifacts/audit.ts';
import { type JournalHeader, parseJournalHeader } from '../artifacts/journal-header.ts';
import type { Source, Traced } from './finding.ts';

/** A journal by what its header says. */
export interface TracedJournal extends JournalHeader {
  /** Path on the node, one byte per character. */
  readonly path: string;
}

/** A text log of the node by its metadata; times are seconds since the epoch by the node's clock. */
export interface TracedLog {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  readonly changed: number;
}

/** What a node's own logs tell of themselves. */
export interface LogTraces {
  readonly journals: readonly Traced<TracedJournal>[];
  readonly files: readonly Traced<TracedLog>[];
  /** Records of the audit daemon, and of changes of what is audited; oldest first within a file. */
  readonly audit: readonly Traced<AuditRecord>[];
}

/** The metadata of an item as lstat had it on the node. */
interface Metadata {
  readonly size?: number;
  readonly modified?: number;
  readonly changed?: number;
}

const textLog = /^\[root\](\/var\/log\/(?!pods\/|containers\/|journal\/).+)$/s;
const ofAudit = /^(?:CONFIG_CHANGE|DAEMON_[A-Z]+)$/;
/** Kept of one sort. */
const most = 20_000;

/** Writes down what logs tell of themselves. */
export class LogBook implements LogTraces {
  readonly journals: Traced<TracedJournal>[] = [];
  readonly files: Traced<TracedLog>[] = [];
  readonly audit: Traced<AuditRecord>[] = [];

  /** Takes any item of a node; those that are no text logs are left out. */
  addItem(name: string, source: Source, { size, modified, changed }: Metadata): void {
    const path = textLog.exec(name)?.[1];
    if (path === undefined || size === undefined || modified === undefined || changed === undefined) return;
    if (this.files.length < most) this.files.push({ source, value: { path, size, modified, changed } });
  }

  /** The beginning of a journal; false when it is of no form that is known. */
  addJournal(name: string, source: Source, head: Buffer): boolean {
    const header = parseJournalHeader(head);
    if (header === undefined) return false;
    if (this.journals.length < most)
      this.journals.push({ source, value: { ...header, path: name.replace('[root]', '') } });
    return true;
  }

  addAudit(source: Source, record: AuditRecord): void {
    if (ofAudit.test(record.type) && this.audit.length < most) this.audit.push({ source, value: record });
  }
}
