import { processText } from '../../artifacts/process-text.ts';
import type { Inline, Text } from './document.ts';
import type { FindingFacts } from './facts/findings.ts';
import type { Contained } from './facts/isolation.ts';
import type { Tone } from './tone.ts';

/** A time as a reader wants it: `2026-11-25 22:50:29 UTC`; what is none stays as it is. */
export function timeText(time: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(time);
  return match === null ? time : `${match[1] ?? ''} ${match[2] ?? ''} UTC`;
}

/** Seconds in words: `0.4 s`, `12 min`, `3 h 10 min`, `2 d 4 h`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
  return `${Math.floor(hours / 24)} d${hours % 24 === 0 ? '' : ` ${hours % 24} h`}`;
}

export const verdictTones: Readonly<Record<Contained, Tone>> = {
  HOLDS: 'good',
  LEAKS: 'bad',
  UNVERIFIED: 'warn',
  RELEASED: 'warn',
  'NOT ISOLATED': 'warn',
};

export const severityTones: Readonly<Record<FindingFacts['severity'], Tone>> = {
  critical: 'bad',
  high: 'bad',
  medium: 'warn',
  low: 'plain',
  info: 'plain',
};

export function severityTag(severity: FindingFacts['severity']): Inline {
  return { tag: severity.toUpperCase(), tone: severityTones[severity] };
}

/** A value that is a name, path or command, or a dash where there is none. */
export function code(value: string | undefined): Text {
  return value === undefined || value === '' ? '-' : [{ code: value }];
}

/** Values one behind the other, each as code. */
export function codes(values: readonly string[]): Text {
  return values.length === 0
    ? '-'
    : values.flatMap((value, i): Inline[] => [...(i === 0 ? [] : [', ']), { code: value }]);
}

/** A subject on one line: namespace/pod/container, pid and start, path. */
export function subjectText(subject: FindingFacts['subject']): string {
  const { namespace, pod, container, path } = subject;
  const place = [namespace, pod, container].filter((part) => part !== undefined).join('/');
  const text = [place, processText(subject), path ?? ''].filter((part) => part !== '').join(' ');
  return text === '' ? 'node' : text;
}

/** True when a finding weighs so much that somebody has to look today. */
export function isGrave({ severity }: Pick<FindingFacts, 'severity'>): boolean {
  return severity === 'critical' || severity === 'high';
}
