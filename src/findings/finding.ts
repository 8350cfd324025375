import { escapeForTerminal } from '../output/escape.ts';
import { terminalLine } from '../output/line.ts';

/** From what needs a person at once to what is only worth knowing; the order of output. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

/** One step less; `info` stays. */
export function lesserThan(severity: Severity): Severity {
  return severities[severities.indexOf(severity) + 1] ?? severity;
}

/** How far the evidence alone carries the finding. */
export type Confidence = 'high' | 'medium' | 'low';

/** What a finding is about; what is not known is missing. All of it is escaped text. */
export interface Subject {
  /** The API server's name of the node. */
  readonly node: string;
  readonly namespace?: string;
  readonly pod?: string;
  /** Name of the container, or the beginning of its id where nobody knows its name. */
  readonly container?: string;
  readonly pid?: number;
  /** When the process started, in clock ticks after boot (field 22 of proc_pid_stat(5)): pids are given out anew. */
  readonly startTicks?: number;
  /** The same as RFC 3339 in UTC by the node's clock, where it is known when the node booted. */
  readonly started?: string;
  /** A path on the node, or in the container where the finding is of one. */
  readonly path?: string;
}

/** Where an item of evidence is: the directory of its acquisition, its number there, and its name in the tar. */
export interface Source {
  readonly acquisition: string;
  readonly item: number;
  readonly name: string;
}

/** A value and the item that it was read from. */
export interface Traced<T> {
  readonly source: Source;
  readonly value: T;
}

/** One piece of evidence: the item, and what in it says so, escaped. */
export interface Evidence extends Source {
  readonly excerpt: string;
}

/** What a rule says of one subject; the rest of a finding stands in the rule. */
export interface Match {
  readonly subject: Omit<Subject, 'node'>;
  /** What was seen, as a sentence without a full stop; escaped. */
  readonly seen: string;
  readonly evidence: readonly Evidence[];
  /** Where this match weighs differently than its rule. */
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  /** More names of objects for the commands of the rule, raw. */
  readonly names?: Readonly<Partial<Record<NamePlace, string>>>;
}

/** Places in commands that a match may fill, besides those of its subject. */
export type NamePlace = 'account' | 'rolebinding' | 'rolenamespace' | 'clusterrolebinding';

/** A rule that matched, with all that is needed to believe it, doubt it and act on it. */
export interface Finding {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly attack: readonly string[];
  readonly threatMatrix: readonly string[];
  readonly subject: Subject;
  readonly seen: string;
  readonly evidence: readonly Evidence[];
  readonly explanation: string;
  readonly refutedBy: string;
  readonly next: readonly string[];
  readonly common?: Common;
}

/** The same was found of the same DaemonSet on most nodes that were looked at, so that it weighs one step less. */
export interface Common {
  readonly nodes: number;
  /** Nodes on which the rule was judged. */
  readonly of: number;
  readonly otherwise: Severity;
}

const longestExcerpt = 240;

/** Bytes of the evidence, or text that may have been escaped before, as one line that is safe to show, cut where it is long. */
export function excerptOf(value: Buffer | string): string {
  const head =
    typeof value === 'string' ? value.slice(0, 4 * longestExcerpt) : value.subarray(0, 4 * longestExcerpt);
  const text = typeof head === 'string' ? terminalLine(head) : escapeForTerminal(head);
  return text.length > longestExcerpt || head.length < value.length
    ? `${text.slice(0, longestExcerpt)}...`
    : text;
}

/** A piece of evidence. */
export function evidence(source: Source, excerpt: Buffer | string): Evidence {
  return { ...source, excerpt: excerptOf(excerpt) };
}
