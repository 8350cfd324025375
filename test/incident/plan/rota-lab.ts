import type { Layer, Rota } from '../../../src/incident/plan/rota.ts';

/** Ann and Bob in turns of a week, Mondays at nine. */
export const weekly: Layer = { people: ['ann', 'bob'], start: '2026-01-05', handover: '09:00', turnDays: 7 };

/** A rota on the clocks of Vienna. */
export function rotaOf(rota: Partial<Rota>): Rota {
  return { id: 'infra', name: 'Infrastructure', timeZone: 'Europe/Vienna', ...rota };
}
