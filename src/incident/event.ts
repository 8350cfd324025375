import { escapeForTerminal } from '../output/escape.ts';
import { terminalLine } from '../output/line.ts';

/** Where events come from; the words of the column SOURCE. */
export type EventSource =
  | 'process'
  | 'file'
  | 'container'
  | 'runtime'
  | 'login'
  | 'shell'
  | 'syslog'
  | 'journal'
  | 'audit'
  | 'podlog'
  | 'api-audit'
  | 'api-event'
  | 'custody';

/** What a file was when an event of it was noted; what a body file has beside the times. */
export interface FileState {
  readonly inode: string;
  /** Such as `-rwsr-xr-x`. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Letters of `macb`: which of its times are this one. */
  readonly times: string;
  readonly md5?: string;
}

/**
 * One thing that happened. All texts are printable and one line; what came from a node has `\xNN` for what is not.
 * Everything that names the subject is missing where the source does not tell it.
 */
export interface TimelineEvent {
  /** RFC 3339 in UTC with as many digits as are known, by the responder's clock where `written` stands beside it. */
  readonly time: string;
  /** The time as the source has it, where the clock of the node was found to be wrong. */
  readonly written?: string;
  /** What the source does not say of the time and was assumed. */
  readonly assumed?: string;
  readonly source: EventSource;
  /** What the time is of, in plaso's words: `Start Time`, `Content Modification Time`. */
  readonly what: string;
  /** plaso's data type where it has one, else one that begins with `kubectl-ir:`. */
  readonly dataType: string;
  readonly message: string;
  readonly node?: string;
  /** NAMESPACE/NAME. */
  readonly pod?: string;
  readonly container?: string;
  readonly pid?: number;
  readonly path?: string;
  readonly user?: string;
  readonly file?: FileState;
}

/** What a source knows of each of its events beside what its records say. */
export interface EventPlace {
  /** Name of the item, such as `[root]/var/log/syslog`, escaped. */
  readonly item: string;
  /** When the item was collected, RFC 3339 in UTC. */
  readonly collected: string;
  readonly node?: string;
  readonly pod?: string;
  readonly container?: string;
  /** NAMESPACE/NAME of a pod by its uid. */
  readonly podOf: (uid: string) => string | undefined;
}

/** Bytes of a message that are kept: fields of OpenSearch end at 32766 bytes, and each may become four. */
const longestMessage = 4096;

/** Bytes of evidence as the text of a message, cut when they are long. */
export function messageText(bytes: Buffer | string): string {
  const raw = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  if (raw.length <= longestMessage) return escapeForTerminal(raw);
  return `${escapeForTerminal(raw.subarray(0, longestMessage))}... (${raw.length} bytes)`;
}

/** The same for text that was escaped before, such as the paths of a diff: its backslashes stay. */
export function escapedText(text: string): string {
  return terminalLine(text.length <= longestMessage ? text : `${text.slice(0, longestMessage)}...`);
}

/** A member that is only there when the bytes or the text are not empty. */
export function named<K extends string>(
  name: K,
  value: Buffer | string | undefined,
): Partial<Record<K, string>> {
  if (value === undefined || value.length === 0) return {};
  return { [name]: messageText(value) } as Partial<Record<K, string>>;
}
