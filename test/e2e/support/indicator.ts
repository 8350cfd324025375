import type { Confidence, Evidence, Finding, Severity, Subject } from '../../../src/findings/finding.ts';

/** A trace that was planted, and the finding that must come of it. */
export interface Indicator {
  /** In the catalogue of 25; undefined for those that come beside it. */
  readonly number?: number;
  readonly name: string;
  readonly rule: string;
  readonly severity: Severity;
  /** As the finding must have it; a path that has an id in it by its shape. */
  readonly subject: Partial<Omit<Subject, 'pid' | 'node' | 'path'>> & { readonly path?: string | RegExp };
  /** Command line of the process that the finding must be of. */
  readonly runs?: string;
  /** Each must be in a piece of evidence: `NAME OF THE ITEM: EXCERPT`. */
  readonly evidence: readonly RegExp[];
}

/** One of the catalogue that the test cluster cannot hold. */
export interface NotPlanted {
  readonly number: number;
  readonly name: string;
  readonly reason: string;
}

/** What of a finding is judged. */
export type Told = Pick<Finding, 'rule' | 'severity' | 'subject' | 'seen' | 'evidence'> & {
  readonly confidence: Confidence;
};

/** The findings of the planted thing: right rule, node, subject, process and evidence. `pids` are by command line. */
export function foundOf(
  indicator: Indicator,
  findings: readonly Told[],
  node: string,
  pids: ReadonlyMap<string, number>,
): Told[] {
  const pid = indicator.runs === undefined ? undefined : pids.get(indicator.runs);
  if (indicator.runs !== undefined && pid === undefined) return [];
  return findings.filter(
    ({ rule, subject, evidence }) =>
      rule === indicator.rule &&
      subject.node === node &&
      Object.entries(indicator.subject).every(([key, value]) =>
        value instanceof RegExp ? value.test(subject.path ?? '') : subject[key as keyof Subject] === value,
      ) &&
      (pid === undefined || subject.pid === pid) &&
      indicator.evidence.every((wanted) => evidence.some((one) => wanted.test(textOf(one)))),
  );
}

/** A finding in a line, for messages of tests. */
export function lineOf({ rule, severity, subject, seen }: Told): string {
  const { node, namespace = '-', pod = '-', container = '-', pid = '-', path = '-' } = subject;
  return `${severity} ${rule} on ${node}: ${namespace}/${pod}/${container} pid ${pid} ${path}: ${seen}`;
}

function textOf({ name, excerpt }: Evidence): string {
  return `${name}: ${excerpt}`;
}
