import { checkAreas, checkReach } from './checks/contacts.ts';
import { checkDraft } from './checks/draft.ts';
import { checkEscalation } from './checks/escalation.ts';
import { checkLines, checkParts, checkReview, checkThreats } from './checks/means.ts';
import { checkPlaybooks, checkTemplate } from './checks/playbooks.ts';
import { checkDecisions, checkReferences } from './checks/references.ts';
import { checkRotas } from './checks/rotas.ts';
import type { Check, Surroundings, Weakness } from './checks/weakness.ts';
import type { PlanProblem } from './problem.ts';
import type { PlanReading } from './read-plan.ts';

const checks: readonly Check[] = [
  checkReview,
  checkParts,
  checkReach,
  checkAreas,
  checkRotas,
  checkReferences,
  checkDecisions,
  checkLines,
  checkEscalation,
  checkThreats,
  checkPlaybooks,
  checkTemplate,
  checkDraft,
];

/**
 * What is wrong with a plan and what will hurt at three in the morning, in the order of its lines. What could not be read is
 * told once, by the reader; what depends on it is not told again. Pure.
 */
export function checkPlan(reading: PlanReading, around: Omit<Surroundings, 'unreadable'>): PlanProblem[] {
  const { plan, problems, unreadable, lineOf } = reading;
  const weaknesses =
    plan === undefined ? [] : checks.flatMap((check) => check(plan, { ...around, unreadable }));
  const found = weaknesses.map(({ path, rule, message, severity }): PlanProblem => ({
    line: lineOf(path),
    rule,
    message: path.length === 0 ? message : `${nameOf(path)}: ${message}`,
    severity,
  }));
  return [...problems, ...found].sort((a, b) => a.line - b.line);
}

/** As the reader calls places: items without an id count from 1. */
function nameOf(path: Weakness['path']): string {
  return path.map((segment) => (typeof segment === 'number' ? `#${segment + 1}` : segment)).join('.');
}
