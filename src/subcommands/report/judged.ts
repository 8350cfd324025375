import { rules } from '../../findings/rules.ts';
import { findingsPart, noFindings } from '../../incident/report/read/findings.ts';
import type { FindingFacts, FindingsPart } from '../../incident/report/facts/findings.ts';
import { OperationError } from '../../output/errors.ts';
import { judgeCase as judge } from '../case-findings.ts';
import type { Trouble } from './open-case.ts';

/** Holds all rules against a case. What is damaged is told and left out; without any evidence that is said in place of findings. */
export async function judgeCase(
  dir: string,
  caseName: string,
  trouble: Trouble,
  signal: AbortSignal,
): Promise<{ readonly part: FindingsPart; readonly all: readonly FindingFacts[] }> {
  try {
    const told = await judge(dir, { rules }, caseName, signal);
    trouble.damaged.push(...told.damaged);
    const judged = told.rules * told.nodes.length - told.notJudged.length;
    return { part: findingsPart({ ...told, judged }, caseName), all: told.findings };
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return { part: noFindings(error.message, caseName), all: [] };
  }
}
