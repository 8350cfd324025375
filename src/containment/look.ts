import { isIP } from 'node:net';
import type { Api } from '../cluster/api.ts';
import { getObjectOrUndefined } from '../cluster/apply.ts';
import type { Pod, Service } from '../cluster/objects.ts';
import { OperationError } from '../output/errors.ts';
import { detachmentOf, outlookOf } from './outlook.ts';
import { buildPlan, type IsolationPlan, type Wishes } from './plan.ts';
import { refuseUnfit } from './refusal.ts';
import { describeSubject } from './subject.ts';
import { readSurroundings } from './surroundings.ts';
import type { KnownPeers } from './tries.ts';

/**
 * Looks at a pod and at what is around it, and plans its isolation; changes nothing.
 * Throws OperationError for a pod that can't be isolated, ApiError when the server can't be reached.
 */
export async function planIsolation(
  api: Api,
  pod: Pod,
  options: Wishes & { readonly now: Date; readonly signal: AbortSignal },
): Promise<IsolationPlan> {
  const { signal, now } = options;
  const [around, apiServer, dns] = await Promise.all([
    readSurroundings(api, pod, signal),
    servicePeer(api, 'default', 'kubernetes', signal),
    servicePeer(api, 'kube-system', 'kube-dns', signal),
  ]);
  const { node, groups } = around;
  refuseUnfit(pod, node);
  const internal = node?.status?.addresses?.find((one) => one.type === 'InternalIP')?.address ?? '';
  const peers: KnownPeers = {
    ...(apiServer === undefined ? {} : { apiServer }),
    ...(dns === undefined ? {} : { dns }),
    ...(isIP(internal) === 0 ? {} : { node: internal }),
  };
  const subject = describeSubject(pod, around);
  const untouched = options.skip?.includes('detach') === true;
  const detachment = untouched ? 'none' : detachmentOf(subject.owner, options.detach === true);
  const outlook = outlookOf(pod, subject, around, { detachment, now });
  return buildPlan({ subject, outlook, groups, peers }, options);
}

/** Address of a Service to try; none when it does not exist or may not be read: then it is just not tried. */
async function servicePeer(
  api: Api,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<{ address: string; port: number } | undefined> {
  try {
    const ref = { apiVersion: 'v1', resource: 'services', namespace, name };
    const service = await getObjectOrUndefined<Service>(api, ref, signal);
    const address = service?.spec?.clusterIP ?? '';
    const port = service?.spec?.ports?.find((one) => (one.protocol ?? 'TCP') === 'TCP')?.port;
    return isIP(address) === 0 || port === undefined ? undefined : { address, port };
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return undefined;
  }
}
