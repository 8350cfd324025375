import { isIP } from 'node:net';
import type { Api } from '../cluster/api.ts';
import { getObjectOrUndefined } from '../cluster/apply.ts';
import type { Service } from '../cluster/objects.ts';
import type { ObjectRef } from '../cluster/path.ts';
import { OperationError } from '../output/errors.ts';
import type { PeerObjects } from './peers.ts';

/** The part of a discovery.k8s.io/v1 EndpointSlice that is read here. */
interface EndpointSlice {
  readonly endpoints?: readonly { readonly addresses?: readonly string[] }[];
  readonly ports?: readonly { readonly port?: number }[];
}

/** Reads the cluster's own peers; what does not exist or may not be read is just not tried. */
export async function readPeerObjects(
  api: Api,
  signal: AbortSignal,
): Promise<Pick<PeerObjects, 'apiServer' | 'apiServers' | 'dns'>> {
  const service = (namespace: string, name: string): Promise<Service | undefined> =>
    read<Service>(api, { apiVersion: 'v1', resource: 'services', namespace, name }, signal);
  const [apiServer, slice, dns] = await Promise.all([
    service('default', 'kubernetes'),
    read<EndpointSlice>(
      api,
      {
        apiVersion: 'discovery.k8s.io/v1',
        resource: 'endpointslices',
        namespace: 'default',
        name: 'kubernetes',
      },
      signal,
    ),
    service('kube-system', 'kube-dns'),
  ]);
  const port = slice?.ports?.[0]?.port;
  const addresses = (slice?.endpoints ?? []).flatMap((one) => one.addresses ?? []);
  const usable = addresses.filter((address) => isIP(address) !== 0);
  return {
    apiServer,
    apiServers: port === undefined ? [] : usable.map((address) => ({ address, port })),
    dns,
  };
}

async function read<T extends object>(api: Api, ref: ObjectRef, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await getObjectOrUndefined<T>(api, ref, signal);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return undefined;
  }
}
