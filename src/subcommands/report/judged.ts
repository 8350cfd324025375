import { judge } from '../../findings/judge.ts';
import { rules } from '../../findings/rules.ts';
import { findingsPart, noFindings } from '../../incident/report/read/findings.ts';
import type { FindingFacts, FindingsPart } from '../../incident/report/report.ts';
import { OperationError, VerificationError } from '../../output/errors.ts';
import { readTraces } from '../case-traces.ts';
import type { Trouble } from './open-case.ts';

/** Holds all rules against a case. Evidence that can't be read, or is not what was collected, is told in place of findings. */
export async function judgeCase(
  dir: string,
  caseName: string,
  trouble: Trouble,
  signal: AbortSignal,
): Promise<{ readonly part: FindingsPart; readonly all: readonly FindingFacts[] }> {
  try {
    const books = await readTraces(dir, signal);
    const dockets = books.map((book) => ({
      traces: book.traces(),
      gaps: book.gaps,
      has: (need: Parameters<typeof book.has>[0]) => book.has(need),
    }));
    const { findings, notJudged, incomplete } = judge(rules, dockets, caseName);
    const judged = rules.length * books.length - notJudged.length;
    const malformed = books.reduce((sum, book) => sum + book.malformed, 0);
    return {
      part: findingsPart({ findings, notJudged, incomplete, judged, malformed }, caseName),
      all: findings,
    };
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    if (error instanceof VerificationError) trouble.damaged.push(error.message);
    return { part: noFindings(error.message, caseName), all: [] };
  }
}
