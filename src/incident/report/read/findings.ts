import { excerpt } from '../excerpt.ts';
import type { FindingFacts, FindingsPart } from '../report.ts';

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
  return {
    found: excerpt(told.findings, mostFindings, command),
    counts,
    rules: [...rules].map(([rule, more]) => ({ rule, ...more })),
    techniques: [...techniques].map(([id, more]) => ({ id, ...more })).sort((a, b) => (a.id < b.id ? -1 : 1)),
    notJudged: excerpt(told.notJudged, mostReasons, command),
    incomplete: excerpt(told.incomplete, mostReasons, command),
    judged: told.judged,
    malformed: told.malformed,
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
