import { isIP } from 'node:net';
import type { Api } from '../cluster/api.ts';
import type { Service } from '../cluster/objects.ts';
import type { PeerObjects } from './peers.ts';
import { Reader } from './reader.ts';

/** The part of a discovery.k8s.io/v1 EndpointSlice that is read here. */
interface EndpointSlice {
  readonly endpoints?: readonly { readonly addresses?: readonly string[] }[];
  readonly ports?: readonly { readonly port?: number }[];
}

/** The cluster's own peers. */
export interface ClusterPeers extends Pick<PeerObjects, 'apiServer' | 'apiServers' | 'dns'> {
  /** What could not be read and is not tried, and why. */
  readonly gaps: readonly string[];
}

/** Reads the cluster's own peers; what does not exist is just not tried. Throws ApiError when the server can't be reached. */
export async function readPeerObjects(api: Api, signal: AbortSignal): Promise<ClusterPeers> {
  const reader = new Reader(api, signal);
  const service = (namespace: string, name: string, what: string): Promise<Service | undefined> =>
    reader.get<Service>(
      { apiVersion: 'v1', resource: 'services', namespace, name },
      `service/${name} in namespace ${namespace}, so no try to ${what}`,
    );
  const [apiServer, slice, dns] = await Promise.all([
    service('default', 'kubernetes', 'the API server by its Service'),
    reader.get<EndpointSlice>(
      {
        apiVersion: 'discovery.k8s.io/v1',
        resource: 'endpointslices',
        namespace: 'default',
        name: 'kubernetes',
      },
      'endpointslice/kubernetes in namespace default, so no try to the API server itself',
    ),
    service('kube-system', 'kube-dns', 'the cluster DNS'),
  ]);
  const port = slice?.ports?.[0]?.port;
  const addresses = (slice?.endpoints ?? []).flatMap((one) => one.addresses ?? []);
  const usable = addresses.filter((address) => isIP(address) !== 0);
  return {
    apiServer,
    apiServers: port === undefined ? [] : usable.map((address) => ({ address, port })),
    dns,
    gaps: reader.gaps,
  };
}
