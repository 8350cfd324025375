import { loadCalendar } from '../../incident/plan/calendar-file.ts';
import { daysAhead } from '../../incident/plan/checks/rotas.ts';
import type { PlanReading } from '../../incident/plan/read-plan.ts';
import type { RotaCalendar } from '../../incident/plan/shifts.ts';
import { OperationError } from '../../output/errors.ts';

const dayMs = 86_400_000;

/** Calendars of a plan's rotas for the days that are looked at, by rota; one whose file cannot be read says so itself. `now` is milliseconds since the epoch. */
export async function calendarsOf(
  { plan, path }: PlanReading,
  now: number,
): Promise<ReadonlyMap<string, RotaCalendar>> {
  const time = { from: now, to: now + daysAhead * dayMs };
  const calendars = new Map<string, RotaCalendar>();
  for (const rota of plan?.rotas ?? []) {
    const calendar = await loadCalendar(rota, path, plan?.people ?? [], time).catch((error: unknown) => {
      if (!(error instanceof OperationError)) throw error;
      return { ...time, claims: [], problems: [error.message] };
    });
    if (calendar !== undefined) calendars.set(rota.id, calendar);
  }
  return calendars;
}
