import { rules } from '../../findings/rules.ts';
import { findingsPart, noFindings } from '../../incident/report/read/findings.ts';
import type { FindingFacts, FindingsPart } from '../../incident/report/report.ts';
import { OperationError, VerificationError } from '../../output/errors.ts';
import { judgeCase as judgeAll } from '../case-findings.ts';
import type { Trouble } from './open-case.ts';

/** Holds all rules against a case. Evidence that can't be read, or is not what was collected, is told in place of findings. */
export async function judgeCase(
  dir: string,
  caseName: string,
  trouble: Trouble,
  signal: AbortSignal,
): Promise<{ readonly part: FindingsPart; readonly all: readonly FindingFacts[] }> {
  try {
    const told = await judgeAll(dir, { rules }, caseName, signal);
    trouble.damaged.push(...told.damaged);
    const judged = rules.length * told.nodes.length - told.notJudged.length;
    return { part: findingsPart({ ...told, judged }, caseName), all: told.findings };
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    if (error instanceof VerificationError) trouble.damaged.push(error.message);
    return { part: noFindings(error.message, caseName), all: [] };
  }
}
