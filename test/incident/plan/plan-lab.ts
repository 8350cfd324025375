import { readFileSync } from 'node:fs';
import { checkPlan } from '../../../src/incident/plan/check-plan.ts';
import type { KnownCommand } from '../../../src/incident/plan/checks/weakness.ts';
import type { PlanProblem } from '../../../src/incident/plan/problem.ts';
import { readPlan } from '../../../src/incident/plan/read-plan.ts';
import type { RotaCalendar } from '../../../src/incident/plan/shifts.ts';

/** docs/ir-plan.example.yaml. */
export const exampleText = readFileSync(
  new URL('../../../docs/ir-plan.example.yaml', import.meta.url),
  'utf8',
);

/** A day in the weeks that the example was written for. */
export const exampleDay = Date.UTC(2026, 10, 22, 4, 15);

const global = { namespace: { type: 'string', short: 'n' } };
const inCase = { ...global, case: { type: 'string' } };

/** Commands as a check sees them, few and unchanging. */
export const someCommands: readonly KnownCommand[] = [
  { words: ['respond'], flags: { ...inCase, yes: { type: 'boolean', short: 'y' } } },
  {
    words: ['isolate'],
    flags: { ...inCase, 'dry-run': { type: 'string', choices: ['none', 'client', 'server'] } },
  },
  {
    words: ['snapshot', 'node'],
    flags: { ...inCase, profile: { type: 'string', choices: ['triage', 'full'] } },
  },
  { words: ['findings'], flags: global },
  { words: ['timeline'], flags: global },
  { words: ['archive'], flags: global },
  { words: ['case', 'open'], flags: global },
];

/** What a check says of a text. */
export function checkText(
  text: string,
  { now = exampleDay, calendars = new Map<string, RotaCalendar>() } = {},
): PlanProblem[] {
  return checkPlan(readPlan(text, 'ir-plan.yaml'), { now, commands: someCommands, calendars });
}

/** The example with one place changed; fails when the place is not there. */
export function mutated(from: string | RegExp, to: string): string {
  const text = exampleText.replace(from, to);
  if (text === exampleText) throw new Error(`the example has no ${String(from)}`);
  return text;
}
