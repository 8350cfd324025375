import { OperationError } from '../../output/errors.ts';
import { loadCalendar } from './calendar-file.ts';
import type { Duties } from './call.ts';
import type { Plan } from './plan.ts';
import type { Rota } from './rota.ts';
import { daysAhead, type Duty, onCall } from './shifts.ts';

export interface DutiesNow {
  /** Of a rota that cannot be read, why. */
  readonly duties: Duties;
  /** What could not be read of calendars, so that it may be somebody else; a sentence each. */
  readonly doubts: readonly string[];
}

/**
 * Who is on call in each of the rotas at a moment (milliseconds since the epoch). Reads their calendars, which stand beside
 * the plan, and nothing else.
 */
export async function dutiesAt(
  { people }: Plan,
  planFile: string,
  rotas: readonly Rota[],
  moment: number,
): Promise<DutiesNow> {
  const duties = new Map<string, Duty | string>();
  const doubts: string[] = [];
  const time = { from: moment, to: moment + daysAhead * 86_400_000 };
  for (const rota of rotas) {
    try {
      const calendar = await loadCalendar(rota, planFile, people, time);
      duties.set(rota.id, onCall(rota, moment, calendar));
      doubts.push(
        ...(calendar?.problems ?? []).map((problem) => `rota/${rota.id}: its calendar: ${problem}`),
      );
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      duties.set(rota.id, error.message);
    }
  }
  return { duties, doubts };
}
