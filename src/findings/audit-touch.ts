import type { ApiAuditEvent } from '../artifacts/api-audit.ts';
import type { ClusterAddress } from './cluster-address.ts';
import { evidence, excerptOf, type Source } from './finding.ts';
import { type Indicator, plainAddress } from './indicator.ts';
import type { Pod } from './pods.ts';
import type { Touch } from './touch.ts';

/** Whose addresses are known, and which are those of the pods that the case is about. */
export interface Addresses {
  readonly pods: ReadonlyMap<string, Pod>;
  readonly known: ReadonlySet<string>;
  /** Addresses of the cluster's own, from which many call. */
  readonly shared: ReadonlySet<string>;
}

/** Pods by their own address; those on the network of their node share it with others. */
export function addressesOf(
  pods: Iterable<Pod>,
  known: ReadonlySet<string>,
  cluster: readonly ClusterAddress[] = [],
): Addresses {
  const own = [...pods].filter(({ address, hostNetwork }) => address !== undefined && !hostNetwork);
  return {
    pods: new Map(own.map((pod) => [pod.address ?? '', pod])),
    shared: new Set(cluster.map(({ address }) => address)),
    known: new Set(
      own
        .filter(({ namespace, name }) => known.has(`${namespace}/${name}`))
        .map(({ address = '' }) => address),
    ),
  };
}

/**
 * What an event of the audit log says of these indicators: a ServiceAccount that is used from somewhere else than by the pods
 * of the case, and callers at an address that is looked for. Of the addresses of a call only the last is seen by the API server; the
 * others are what the client says (audit.k8s.io/v1, Event.sourceIPs), by which a thief would pass for the pod that he stole from.
 */
export function* auditTouches(
  event: ApiAuditEvent,
  source: Source,
  indicators: readonly Indicator[],
  { pods, known, shared }: Addresses,
): Generator<Touch> {
  const from = event.sources.map(plainAddress);
  const caller = from.at(-1) ?? '';
  const user = excerptOf(event.user);
  const proof = [
    evidence(
      source,
      `${event.time} ${event.user} ${event.verb} ${event.uri} from ${from.join(', ')} ${event.code ?? ''}`,
    ),
  ];
  for (const indicator of indicators) {
    const { type, value, port } = indicator;
    if (type === 'service-account' && event.user === `system:serviceaccount:${value}` && !known.has(caller)) {
      const pod = pods.get(caller);
      yield {
        subject:
          pod === undefined
            ? { address: excerptOf(caller) }
            : { namespace: excerptOf(pod.namespace), pod: excerptOf(pod.name) },
        indicator,
        seen: 'acts as this ServiceAccount',
        // Every pod of its owner does so too; somebody outside of the cluster does not.
        confidence: pod === undefined ? 'high' : pod.serviceAccount === value.split(':')[1] ? 'low' : 'high',
        evidence: proof,
      };
    }
    if (type === 'address' && from.includes(value) && !(shared.has(value) && port !== undefined))
      yield {
        subject: { ...(user === '' ? {} : { user }), address: value },
        indicator,
        seen:
          caller === value
            ? 'called the API server from this address'
            : 'called the API server, and says that it passed a call from this address on',
        confidence: caller === value ? 'high' : 'low',
        evidence: proof,
      };
  }
}
