import type { NetworkPolicy } from '../cluster/objects.ts';
import { objectName, podUidLabel } from './names.ts';
import { probePorts } from './probes.ts';
import { type Labels, selects, selectorKeys, without } from './selector.ts';
import { isReplicaSetOwner, type Subject } from './subject.ts';
import type { KnownPeers } from './tries.ts';

/** `full` cuts the link on the node; `deny` leaves it to whatever enforces network policies. */
export type Level = 'full' | 'deny';

/** One step of a plan, in the order of acting. */
export type Action =
  | { readonly kind: 'cut'; readonly summary: string; readonly ports: readonly number[] }
  | { readonly kind: 'deny'; readonly summary: string; readonly policy: NetworkPolicy }
  | { readonly kind: 'detach'; readonly summary: string; readonly labels: Labels }
  | { readonly kind: 'verify'; readonly summary: string };

export type ActionKind = Action['kind'];

/** What isolate will do to one pod, and what follows from it. */
export interface IsolationPlan {
  readonly subject: Subject;
  readonly level: Level;
  readonly actions: readonly Action[];
  /** One sentence: what happens to the service. */
  readonly service: string;
  /** What the plan can't do, each a sentence. */
  readonly warnings: readonly string[];
  /** Addresses of the cluster to try new connections to. */
  readonly peers: KnownPeers;
}

/** The ordered actions for one pod: the cut first, because it is what stops bytes. */
export function buildPlan(subject: Subject, level: Level, peers: KnownPeers = {}): IsolationPlan {
  const ports = probePorts(subject.probes);
  const aside = labelsAside(subject);
  const policy = denyPolicy(subject);
  const actions: Action[] = [];
  if (level === 'full') actions.push({ kind: 'cut', summary: cutSummary(subject, ports), ports });
  actions.push({ kind: 'deny', summary: `networkpolicy/${policy.metadata?.name ?? ''}`, policy });
  if (isReplicaSetOwner(subject.owner) && Object.keys(aside).length > 0) {
    const labels = Object.entries(aside).map(([key, value]) => `${key}=${value}`);
    actions.push({
      kind: 'detach',
      summary: `${labels.length === 1 ? 'label' : 'labels'} ${labels.join(', ')} set aside; replicaset/${subject.owner.name} starts a replacement`,
      labels: aside,
    });
  }
  actions.push({ kind: 'verify', summary: 'flows tried before and after, from the node' });
  const warnings = warningsOf(subject, aside);
  return { subject, level, actions, service: serviceSentence(subject), warnings, peers };
}

/** Labels that the ReplicaSet and the Services select the pod by; none for a pod of any other owner. */
export function labelsAside(subject: Subject): Labels {
  if (!isReplicaSetOwner(subject.owner)) return {};
  const keys = [
    ...selectorKeys(subject.owner.selector),
    ...subject.services.flatMap((service) => Object.keys(service.selector)),
  ];
  return Object.fromEntries(Object.entries(subject.labels).filter(([key]) => keys.includes(key)));
}

/** A policy of ours that selects this one pod by our own label and allows nothing in either direction. */
export function denyPolicy(subject: Subject): NetworkPolicy {
  const labels = { [podUidLabel]: subject.uid };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: objectName(subject.uid), namespace: subject.namespace, labels },
    spec: { podSelector: { matchLabels: labels }, policyTypes: ['Ingress', 'Egress'] },
  };
}

function cutSummary(subject: Subject, ports: readonly number[]): string {
  const except =
    ports.length === 0
      ? 'no exception, because no probe uses the network'
      : `kubelet probes to ${ports.map((port) => `:${port}`).join(' ')} excepted`;
  return `link of the pod on ${subject.node}, both ways, IPv4 and IPv6, ${except}`;
}

function serviceSentence(subject: Subject): string {
  const services = subject.services.map((one) => `service/${one.name}`).join(', ');
  const owner = subject.owner;
  if (isReplicaSetOwner(owner)) {
    const served = services === '' ? 'no service selects it' : `${services} drops it`;
    return `${served}; replicaset/${owner.name} starts a replacement`;
  }
  const why = owner === undefined ? 'no owner' : `owner ${owner.kind.toLowerCase()}/${owner.name}`;
  const served =
    services === '' ? 'no service selects it' : `${services} keeps it as an endpoint that does not answer`;
  return `${why}, so nothing replaces it; ${served}`;
}

function warningsOf(subject: Subject, aside: Labels): string[] {
  const warnings: string[] = [];
  const rest = without(subject.labels, Object.keys(aside));
  if (isReplicaSetOwner(subject.owner) && selects(subject.owner.selector, rest)) {
    warnings.push(`replicaset/${subject.owner.name} selects the pod whatever its labels; it stays its owner`);
  }
  const open = subject.policies.filter((policy) => policy.allows).map((policy) => policy.name);
  if (open.length > 0) {
    warnings.push(
      `networkpolicy ${open.join(', ')} allows traffic of this pod, and policies add up: the link cut decides`,
    );
  }
  return warnings;
}
