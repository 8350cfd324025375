import { daysAhead } from '../../incident/plan/checks/rotas.ts';
import type { PlanProblem } from '../../incident/plan/problem.ts';
import type { PlanReading } from '../../incident/plan/read-plan.ts';
import { formatCount } from '../../output/count.ts';

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
/** Names of the lists that are counted, for one and for several. */
const counted = {
  people: ['person', 'people'],
  teams: ['team', 'teams'],
  areas: ['area', 'areas'],
  rotas: ['rota', 'rotas'],
  severities: ['severity', 'severities'],
  lines: ['line', 'lines'],
  escalation: ['escalation chain', 'escalation chains'],
  threats: ['threat', 'threats'],
  playbooks: ['playbook', 'playbooks'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;
const lists = Object.keys(counted) as (keyof typeof counted)[];

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
    entries: Object.fromEntries(lists.map((name) => [name, plan?.[name].length ?? 0])),
    rotasUntil: new Date(now + daysAhead * dayMs).toISOString(),
    items,
  };
}

/** The last line of what people see. */
export function verdictLine({ verdict, path, errors, warnings, entries, rotasUntil }: PlanCheck): string {
  const found = [
    ...(errors > 0 ? [formatCount(errors, 'error')] : []),
    ...(warnings > 0 ? [formatCount(warnings, 'warning')] : []),
  ].join(' and ');
  const held = lists.map((name) => formatCount(entries[name] ?? 0, counted[name][0], counted[name][1]));
  const judged = `${held.join(', ')}; rotas looked at until ${rotasUntil.slice(0, 10)}`;
  return `${verdict}   ${path}: ${found === '' ? judged : `${found}; ${judged}`}`;
}
