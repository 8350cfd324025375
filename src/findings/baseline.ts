import type { Finding, Severity } from './finding.ts';
import { type Judgement, reaches } from './judge.ts';

/** Whether a finding is new against a baseline; `unknown` where its rule was not judged there. */
export type Novelty = 'yes' | 'no' | 'unknown';

/** A finding and whether it is new. */
export interface Compared extends Finding {
  readonly new?: Novelty;
}

/**
 * Marks findings by a judgement of an earlier time or of a sister node; none is left out. A finding is known when the
 * baseline has one of the same rule, of the same or more weight, that saw the same of the same container of the same
 * workload, at the same path; what is known once there and seen twice is new once. A node that is in the baseline is held
 * against itself, any other one against all nodes there.
 */
export function compared(
  findings: readonly Finding[],
  baseline: Pick<Judgement, 'findings' | 'notJudged'> & { readonly nodes: readonly string[] },
): Compared[] {
  const taken = new Set<Finding>();
  return findings.map((finding) => {
    const { node } = finding.subject;
    const nodes = baseline.nodes.includes(node) ? [node] : baseline.nodes;
    const key = keyOf(finding);
    const match = baseline.findings.find(
      (one) =>
        !taken.has(one) &&
        nodes.includes(one.subject.node) &&
        reaches(weightOf(one), weightOf(finding)) &&
        keyOf(one) === key,
    );
    if (match !== undefined) {
      taken.add(match);
      return { ...finding, new: 'no' };
    }
    const judged = nodes.some(
      (name) => !baseline.notJudged.some(({ rule, node: of }) => rule === finding.rule && of === name),
    );
    return { ...finding, new: judged ? 'yes' : 'unknown' };
  });
}

/** What it weighs by itself: how many nodes were looked at is another matter. */
function weightOf({ severity, common }: Finding): Severity {
  return common?.otherwise ?? severity;
}

/** What a rule says of a moment: another number is no other thing. */
const measures =
  /\bpid [0-9]+|\b[0-9.]+ processors for [0-9]+ minutes|\b[0-9]+ s after\b|\b[0-9]+ processes up to [0-9]+/g;

function keyOf({ rule, seen, subject }: Finding): string {
  const { namespace = '', pod = '', container = '', path = '' } = subject;
  return [rule, namespace, workloadOf(pod), container, path, seen.replace(measures, '#')].join('\0');
}

/** A pod's name without what controllers put behind it (apimachinery, util/rand: letters and digits of a list without vowels). */
function workloadOf(pod: string): string {
  const generated = '[bcdfghjklmnpqrstvwxz2456789]';
  return pod.replace(new RegExp(`(?:-${generated}{6,10})?-${generated}{5}$`), '');
}
