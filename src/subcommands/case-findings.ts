import type { OwnRuleFile } from '../findings/own-rule-file.ts';
import { judge, inOrder } from '../findings/judge.ts';
import type { Rule } from '../findings/rule.ts';
import { rules } from '../findings/rules.ts';
import { judgeOwnRules } from './case-own-rules.ts';
import { readTraces } from './case-traces.ts';
import type { Told } from './findings-output.ts';
import { standingIsolations, stepsLeft } from './standing-isolations.ts';

/** What is held against a case. */
export interface Wished {
  readonly rules: readonly Rule[];
  /** Rules of the user, and those of them that can't be used. */
  readonly own?: OwnRuleFile;
}

/**
 * Judges rules on all nodes of a case; `word` is the case as it stands in commands. Throws OperationError when there is no
 * case.
 */
export async function judgeCase(
  dir: string,
  { rules: wished, own = { rules: [], bad: [] } }: Wished,
  word: string,
  signal: AbortSignal,
): Promise<Told> {
  const { books, damaged, denied } = await readTraces(dir, signal);
  const dockets = books.map((book) => book.docket());
  const known = judge(wished, dockets, word, rules);
  const more = await judgeOwnRules(dir, own.rules, books, word, signal);
  const standing = await standingIsolations(dir);
  const findings = inOrder([...known.findings, ...more.findings]);
  return {
    findings: findings.map((one) => ({ ...one, next: stepsLeft(one.next, standing) })),
    notJudged: [...known.notJudged, ...more.notJudged],
    incomplete: [...known.incomplete, ...more.incomplete],
    rules: wished.length + own.rules.length,
    nodes: books.map(({ node }) => node),
    malformed: books.reduce((sum, book) => sum + book.malformed, 0),
    damaged,
    denied,
    badRules: own.bad,
  };
}
