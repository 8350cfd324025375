import { present } from '../../../artifacts/present.ts';
import { excerpt } from '../excerpt.ts';
import type { FindingFacts, FindingsPart } from '../facts/findings.ts';

/** What was judged; the same shapes as `findings -o json` has. */
export interface Judged {
  readonly findings: readonly FindingFacts[];
  readonly notJudged: FindingsPart['notJudged']['items'];
  readonly incomplete: FindingsPart['incomplete']['items'];
  /** Judgements that were made, and pieces of the evidence that are no records. */
  readonly judged: number;
  readonly malformed: number;
}

const mostFindings = 300;
const mostReasons = 100;

/** Findings, gravest first as they come, with how many there are of which sort. */
export function findingsPart(told: Judged, caseName: string): FindingsPart {
  const command = `kubectl ir findings ${caseName}`;
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  const rules = new Map<string, { title: string; severity: FindingFacts['severity']; count: number }>();
  const techniques = new Map<string, { severity: FindingFacts['severity']; count: number }>();
  for (const { rule, title, severity, attack } of told.findings) {
    counts[severity] += 1;
    const known = rules.get(rule);
    if (known === undefined) rules.set(rule, { title, severity, count: 1 });
    else known.count += 1;
    for (const id of attack) {
      const technique = techniques.get(id);
      if (technique === undefined) techniques.set(id, { severity, count: 1 });
      else technique.count += 1;
    }
  }
  const found = excerpt(told.findings, mostFindings, command);
  const notJudged = excerpt(told.notJudged, mostReasons, command);
  const incomplete = excerpt(told.incomplete, mostReasons, command);
  return {
    found: { ...found, items: found.items.map(findingFacts) },
    counts,
    rules: [...rules].map(([rule, more]) => ({ rule, ...more })),
    techniques: [...techniques].map(([id, more]) => ({ id, ...more })).sort((a, b) => (a.id < b.id ? -1 : 1)),
    notJudged: {
      ...notJudged,
      items: notJudged.items.map(({ rule, node, reason, next }) => ({ rule, node, reason, next })),
    },
    incomplete: {
      ...incomplete,
      items: incomplete.items.map(({ rule, node, reason }) => ({ rule, node, reason })),
    },
    judged: told.judged,
    malformed: told.malformed,
  };
}

/** Only what a report says of a finding, whatever else is known of it. */
function findingFacts(finding: FindingFacts): FindingFacts {
  const {
    rule,
    title,
    severity,
    confidence,
    attack,
    threatMatrix,
    subject,
    seen,
    explanation,
    refutedBy,
    next,
  } = finding;
  const { node, namespace, pod, container, pid, startTicks, started, path } = subject;
  return {
    rule,
    title,
    severity,
    confidence,
    attack,
    threatMatrix,
    subject: { node, ...present({ namespace, pod, container, pid, startTicks, started, path }) },
    seen,
    evidence: finding.evidence.map(({ acquisition, item, name, excerpt: text }) => ({
      acquisition,
      item,
      name,
      excerpt: text,
    })),
    explanation,
    refutedBy,
    next,
  };
}

/** What is said where no rule could be held against the evidence. */
export function noFindings(failed: string, caseName: string): FindingsPart {
  const part = findingsPart(
    { findings: [], notJudged: [], incomplete: [], judged: 0, malformed: 0 },
    caseName,
  );
  return { ...part, failed };
}
