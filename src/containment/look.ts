import { isIP } from 'node:net';
import type { Api } from '../cluster/api.ts';
import { getObjectOrUndefined } from '../cluster/apply.ts';
import { listAll } from '../cluster/list.ts';
import type { NetworkPolicy, Node, Pod, ReplicaSet, Service } from '../cluster/objects.ts';
import { resourcePath } from '../cluster/path.ts';
import { OperationError } from '../output/errors.ts';
import { buildPlan, type IsolationPlan, type Wishes } from './plan.ts';
import { refuseUnfit } from './refusal.ts';
import { controllerOf, describeSubject } from './subject.ts';
import type { KnownPeers } from './tries.ts';

/**
 * Looks at a pod and at what is around it, and plans its isolation; changes nothing.
 * Throws OperationError for a pod that can't be isolated, ApiError when something could not be read.
 */
export async function planIsolation(
  api: Api,
  pod: Pod,
  options: Wishes & { readonly signal: AbortSignal },
): Promise<IsolationPlan> {
  const { signal } = options;
  const namespace = pod.metadata?.namespace ?? '';
  const nodeName = pod.spec?.nodeName ?? '';
  const owner = controllerOf(pod);
  const [node, replicaSet, services, policies, apiServer, dns] = await Promise.all([
    nodeName === ''
      ? undefined
      : getObjectOrUndefined<Node>(api, { apiVersion: 'v1', resource: 'nodes', name: nodeName }, signal),
    owner?.kind === 'ReplicaSet'
      ? getObjectOrUndefined<ReplicaSet>(
          api,
          { apiVersion: 'apps/v1', resource: 'replicasets', namespace, name: owner.name },
          signal,
        )
      : undefined,
    all<Service>(api, resourcePath({ version: 'v1', namespace, resource: 'services' }), signal),
    all<NetworkPolicy>(
      api,
      resourcePath({ group: 'networking.k8s.io', version: 'v1', namespace, resource: 'networkpolicies' }),
      signal,
    ),
    servicePeer(api, 'default', 'kubernetes', signal),
    servicePeer(api, 'kube-system', 'kube-dns', signal),
  ]);
  refuseUnfit(pod, node);
  const internal = node?.status?.addresses?.find((one) => one.type === 'InternalIP')?.address ?? '';
  const peers: KnownPeers = {
    ...(apiServer === undefined ? {} : { apiServer }),
    ...(dns === undefined ? {} : { dns }),
    ...(isIP(internal) === 0 ? {} : { node: internal }),
  };
  const subject = describeSubject(pod, { node, services, policies, replicaSet });
  return buildPlan(subject, options, peers);
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

async function all<T extends object>(api: Api, path: string, signal: AbortSignal): Promise<T[]> {
  const objects: T[] = [];
  for await (const object of listAll<T>(api, { path, signal })) objects.push(object);
  return objects;
}
