import type { Api } from '../cluster/api.ts';
import { validateAct } from './acts/acts.ts';
import type { IsolationPlan } from './plan.ts';

/**
 * Has the server validate every object and change of a plan without keeping any (dryRun=All), and tells each in kubectl's words.
 * Throws ApiError for what it refuses. The cut is no API object; it is checked when it is loaded.
 */
export async function validatePlan(api: Api, plan: IsolationPlan, signal: AbortSignal): Promise<string[]> {
  const lines: string[] = [];
  for (const action of plan.actions) {
    lines.push(...(await validateAct(action, { api, subject: plan.subject, signal })));
  }
  return lines;
}
