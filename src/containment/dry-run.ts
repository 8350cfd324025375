import type { Api } from '../cluster/api.ts';
import type { IsolationPlan } from './plan.ts';
import { objectName, podUidLabel } from './names.ts';
import { changePod, placeDeny } from './relabel.ts';

/**
 * Has the server validate every object and change of a plan without keeping any (dryRun=All), and tells each in kubectl's words.
 * Throws ApiError for what it refuses. The cut is no API object; it is checked when it is loaded.
 */
export async function validatePlan(api: Api, plan: IsolationPlan, signal: AbortSignal): Promise<string[]> {
  const { subject } = plan;
  const options = { dryRun: true, signal };
  const lines: string[] = [];
  for (const action of plan.actions) {
    if (action.kind === 'deny') {
      await placeDeny(api, subject, action.policy, options);
      lines.push(`networkpolicy.networking.k8s.io/${objectName(subject.uid)} created (server dry run)`);
      lines.push(`pod/${subject.name} labeled with ${podUidLabel} (server dry run)`);
    } else if (action.kind === 'detach') {
      const labels = Object.fromEntries(Object.keys(action.labels).map((key) => [key, null]));
      await changePod(api, subject, { labels }, options);
      lines.push(`pod/${subject.name} unlabeled ${Object.keys(labels).join(', ')} (server dry run)`);
    }
  }
  return lines;
}
