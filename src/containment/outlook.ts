import type { Job, Pod } from '../cluster/objects.ts';
import { type Aside, type Detachment, setAside } from './facts/aside.ts';
import { type EvidenceClock, evidenceClock } from './facts/clock.ts';
import { type Component, componentsOf } from './facts/component.ts';
import { autoscalersOf, budgetsOf } from './facts/disruption.ts';
import { type Hindrances, hindrancesOf } from './facts/hindrance.ts';
import { isKnownOwner, type Owner } from './facts/owner.ts';
import { type Served, servedBy } from './facts/served.ts';
import { type Sibling, siblingsOf } from './facts/sibling.ts';
import { boundVolumes } from './facts/volume.ts';
import type { Subject } from './subject.ts';
import type { Surroundings } from './surroundings.ts';

/** What isolating a pod would do to what is around it, and what may happen to its evidence. */
export interface Outlook {
  readonly aside: Aside;
  readonly hindrances: Hindrances;
  /** What the API server asks of the pod's Services. */
  readonly served: readonly Served[];
  readonly components: readonly Component[];
  readonly siblings: readonly Sibling[];
  readonly budgets: readonly string[];
  readonly clock: EvidenceClock;
  /** What was not looked at, and why. */
  readonly gaps: readonly string[];
}

/** The outlook at `now`, for the way in which the pod is to be detached. */
export function outlookOf(
  pod: Pod,
  subject: Subject,
  around: Surroundings,
  options: { readonly detachment: Detachment; readonly now: Date },
): Outlook {
  const { owner } = subject;
  const job = isKnownOwner(owner) && owner.kind === 'Job' ? (around.owner as Job) : undefined;
  const autoscalers = autoscalersOf(owner, around.autoscalers);
  return {
    aside: setAside(subject, around, options.detachment),
    hindrances: isKnownOwner(owner)
      ? hindrancesOf(pod, owner.kind, boundVolumes(around.claims))
      : { prevent: [], limit: [] },
    served: servedBy(
      subject.namespace,
      subject.services.map(({ name }) => name),
      around.backends,
    ),
    components: componentsOf(pod),
    siblings: siblingsOf(pod, around.pods),
    budgets: budgetsOf(subject.labels, around.budgets),
    clock: evidenceClock(pod, { node: around.node, job, autoscalers }, options.now),
    gaps: around.gaps,
  };
}

/**
 * How a pod of this owner is detached unless the user says otherwise: pods that are replaced leave, pods that have a name or
 * work of their own stay until it is asked for. With the whole node a DaemonSet's pod stays too: another would come to the same node.
 */
export function detachmentOf(owner: Owner | undefined, asked: boolean, wholeNode = false): Detachment {
  if (owner === undefined) return 'stay';
  const replaced =
    isKnownOwner(owner) && (owner.kind === 'ReplicaSet' || (owner.kind === 'DaemonSet' && !wholeNode));
  return replaced || asked ? 'leave' : 'stay';
}
