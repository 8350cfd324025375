import { OperationError } from '../../output/errors.ts';
import { loadCalendar } from './calendar-file.ts';
import type { Duties } from './call.ts';
import type { Plan } from './plan.ts';
import type { Rota } from './rota.ts';
import { daysAhead, type Duty, onCall } from './shifts.ts';

/**
 * Who is on call in each of the rotas at a moment (milliseconds since the epoch); for one that cannot be read, why. Reads
 * their calendars, which stand beside the plan, and nothing else.
 */
export async function dutiesAt(
  { people }: Plan,
  planFile: string,
  rotas: readonly Rota[],
  moment: number,
): Promise<Duties> {
  const duties = new Map<string, Duty | string>();
  const time = { from: moment, to: moment + daysAhead * 86_400_000 };
  for (const rota of rotas) {
    try {
      duties.set(rota.id, onCall(rota, moment, await loadCalendar(rota, planFile, people, time)));
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      duties.set(rota.id, error.message);
    }
  }
  return duties;
}
