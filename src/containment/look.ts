import type { Api } from '../cluster/api.ts';
import type { Pod } from '../cluster/objects.ts';
import { detachmentOf, outlookOf } from './outlook.ts';
import { readPeerObjects } from './peer-objects.ts';
import { knownPeers } from './peers.ts';
import { buildPlan, type IsolationPlan, type Wishes } from './plan.ts';
import { refuseUnfit } from './refusal.ts';
import { describeSubject } from './subject.ts';
import { readSurroundings } from './surroundings.ts';

/**
 * Looks at a pod and at what is around it, and plans its isolation; changes nothing.
 * Throws OperationError for a pod that can't be isolated, ApiError when the server can't be reached.
 */
export async function planIsolation(
  api: Api,
  pod: Pod,
  options: Wishes & { readonly now: Date; readonly signal: AbortSignal },
): Promise<IsolationPlan> {
  const { signal, now, outside } = options;
  const [around, own] = await Promise.all([readSurroundings(api, pod, signal), readPeerObjects(api, signal)]);
  const { node, groups } = around;
  refuseUnfit(pod, node);
  const subject = describeSubject(pod, around);
  const { services } = around;
  const peers = knownPeers(
    { node, services, ...own, ...(outside === undefined ? {} : { outside }) },
    subject,
  );
  const untouched = options.skip?.includes('detach') === true;
  const detachment = untouched ? 'none' : detachmentOf(subject.owner, options.detach === true);
  const outlook = outlookOf(pod, subject, around, { detachment, now });
  return buildPlan({ subject, outlook, groups, peers }, options);
}
