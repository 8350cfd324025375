import type { ApiAuditEvent } from '../artifacts/api-audit.ts';
import { evidence, excerptOf, type Source } from './finding.ts';
import { type Indicator, plainAddress } from './indicator.ts';
import type { Pod } from './pods.ts';
import type { Touch } from './touch.ts';

/** Whose addresses are known, and which are those of the pods that the case is about. */
export interface Addresses {
  readonly pods: ReadonlyMap<string, Pod>;
  readonly known: ReadonlySet<string>;
}

/** Pods by their own address; those on the network of their node share it with others. */
export function addressesOf(pods: Iterable<Pod>, known: ReadonlySet<string>): Addresses {
  const own = [...pods].filter(({ address, hostNetwork }) => address !== undefined && !hostNetwork);
  return {
    pods: new Map(own.map((pod) => [pod.address ?? '', pod])),
    known: new Set(
      own
        .filter(({ namespace, name }) => known.has(`${namespace}/${name}`))
        .map(({ address = '' }) => address),
    ),
  };
}

/**
 * What an event of the audit log says of these indicators: a ServiceAccount that is used from somewhere else than by the pods
 * of the case, and callers at an address that is looked for.
 */
export function* auditTouches(
  event: ApiAuditEvent,
  source: Source,
  indicators: readonly Indicator[],
  { pods, known }: Addresses,
): Generator<Touch> {
  const from = event.sources.map(plainAddress);
  const [caller = ''] = from;
  const user = excerptOf(event.user);
  const proof = [
    evidence(
      source,
      `${event.time} ${event.user} ${event.verb} ${event.uri} from ${from.join(', ')} ${event.code ?? ''}`,
    ),
  ];
  for (const indicator of indicators) {
    const { type, value } = indicator;
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
    if (type === 'address' && from.includes(value))
      yield {
        subject: { ...(user === '' ? {} : { user }), address: value },
        indicator,
        seen: 'called the API server from this address',
        confidence: 'high',
        evidence: proof,
      };
  }
}
