import { daysAhead } from '../../incident/plan/checks/rotas.ts';
import type { PlanProblem } from '../../incident/plan/problem.ts';
import type { PlanReading } from '../../incident/plan/read-plan.ts';

/** What `plan check -o json` prints; schema/plan-check.json. */
export interface PlanCheck {
  readonly apiVersion: 'kubectl-ir/v1';
  readonly kind: 'PlanCheck';
  readonly path: string;
  /** CLEAN: nothing was found; WEAK: warnings; BROKEN: a part of the plan cannot work. */
  readonly verdict: 'CLEAN' | 'WEAK' | 'BROKEN';
  readonly errors: number;
  readonly warnings: number;
  /** Entries that could be read, by the names of the lists. */
  readonly entries: Readonly<Record<string, number>>;
  /** Last moment that rotas were looked at, RFC 3339. */
  readonly rotasUntil: string;
  readonly items: readonly PlanProblem[];
}

const dayMs = 86_400_000;
const counted = [
  'people',
  'teams',
  'areas',
  'rotas',
  'severities',
  'lines',
  'escalation',
  'threats',
  'playbooks',
] as const;

/** The outcome of a check as data. `now` is milliseconds since the epoch. */
export function planCheck(
  path: string,
  { plan }: PlanReading,
  items: readonly PlanProblem[],
  now: number,
): PlanCheck {
  const errors = items.filter(({ severity }) => severity === 'error').length;
  const warnings = items.length - errors;
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'PlanCheck',
    path,
    verdict: errors > 0 ? 'BROKEN' : warnings > 0 ? 'WEAK' : 'CLEAN',
    errors,
    warnings,
    entries: Object.fromEntries(counted.map((name) => [name, plan?.[name].length ?? 0])),
    rotasUntil: new Date(now + daysAhead * dayMs).toISOString(),
    items,
  };
}

/** The last line of what people see. */
export function verdictLine({ verdict, path, errors, warnings, entries, rotasUntil }: PlanCheck): string {
  const found = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ].join(' and ');
  const held = Object.entries(entries).map(([name, number]) => `${number} ${name}`);
  const judged = `${held.join(', ')}; rotas looked at until ${rotasUntil.slice(0, 10)}`;
  return `${verdict}   ${path}: ${found === '' ? judged : `${found}; ${judged}`}`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
