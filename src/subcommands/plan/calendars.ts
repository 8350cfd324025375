import type { PlanReading } from '../../incident/plan/read-plan.ts';
import type { RotaCalendar } from '../../incident/plan/shifts.ts';

/** placeholder until the reader of calendars is there */
export function calendarsOf(_reading: PlanReading): Promise<ReadonlyMap<string, RotaCalendar>> {
  return Promise.resolve(new Map());
}
