import type { AuditRecord } from '../artifacts/audit.ts';
import type { JournalHeader } from '../artifacts/journal-header.ts';
import type { JournalNumbers, JournalRun } from '../artifacts/journal-numbers.ts';
import type { Source, Traced } from './finding.ts';

/** A journal by what its header says, and the numbers of its entries. */
export interface TracedJournal extends JournalHeader {
  /** Path on the node, one byte per character. */
  readonly path: string;
  readonly runs: readonly JournalRun[];
  /** Entries that it holds, as against those that its header counts. */
  readonly held: bigint;
  /** All of it came, and all of its numbers are in `runs`. */
  readonly whole: boolean;
  /** When its first byte came, seconds since the epoch by the responder's clock. */
  readonly collected?: number;
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
  /** Directories with a journal of which nothing can be read. */
  readonly unread: ReadonlySet<string>;
  /** There may be more journals, of which nothing is known. */
  readonly unknown: boolean;
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
/** The directory of a journal; the files in one count their entries together. */
export function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** Kept of one sort. */
const most = 20_000;

/** Writes down what logs tell of themselves. */
export class LogBook implements LogTraces {
  readonly journals: Traced<TracedJournal>[] = [];
  readonly unread = new Set<string>();
  unknown = false;
  readonly files: Traced<TracedLog>[] = [];
  readonly audit: Traced<AuditRecord>[] = [];

  /** Takes any item of a node; those that are no text logs are left out. */
  addItem(name: string, source: Source, { size, modified, changed }: Metadata): void {
    const path = textLog.exec(name)?.[1];
    if (path === undefined || size === undefined || modified === undefined || changed === undefined) return;
    if (this.files.length < most) this.files.push({ source, value: { path, size, modified, changed } });
  }

  /** A journal; `came` tells whether all of it did. False when it is of no form that is known. */
  addJournal(
    name: string,
    source: Source,
    { header, runs, entries: held, tooMany }: JournalNumbers,
    came: boolean,
    collected?: number,
  ): boolean {
    if (header === undefined) {
      this.addUnread(name);
      return false;
    }
    const whole = came && !tooMany;
    const value = { ...header, path: name.replace('[root]', ''), runs, held, whole };
    if (this.journals.length >= most) this.addUnread(name);
    else this.journals.push({ source, value: collected === undefined ? value : { ...value, collected } });
    return true;
  }

  addUnread(name: string): void {
    this.unread.add(directoryOf(name.replace('[root]', '')));
  }

  addAudit(source: Source, record: AuditRecord): void {
    if (ofAudit.test(record.type) && this.audit.length < most) this.audit.push({ source, value: record });
  }
}
