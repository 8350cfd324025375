import type { ApiGroups } from '../cluster/discovery.ts';
import type { Action, ActionKind } from './acts/acts.ts';
import { planCut } from './acts/cut.ts';
import { planInside } from './acts/inside.ts';
import { planDeny } from './acts/deny.ts';
import { planDetach } from './acts/detach.ts';
import { expectedLevel } from './level.ts';
import type { Outlook } from './outlook.ts';
import type { KnownPeers } from './peers.ts';
import { serviceSentence } from './service-sentence.ts';
import { rolesOf, warningsOf } from './stops.ts';
import type { Subject } from './subject.ts';

/** What the user wants otherwise than it is planned by itself. */
export interface Wishes {
  /** Acts that are left out. */
  readonly skip?: readonly ActionKind[];
  /** Takes the pod from an owner that will not replace it, or not without harm. */
  readonly detach?: boolean;
  /** True when the image of the collector is the one that has busybox alone. */
  readonly plainImage?: boolean;
  /** An address outside of the cluster that may be tried from the pod. */
  readonly outside?: { readonly address: string; readonly port: number };
}

/** What isolate will do to one pod, and what follows from it. */
export interface IsolationPlan {
  readonly subject: Subject;
  /** In the order of acting. */
  readonly actions: readonly Action[];
  /** The level of the cut that is to be expected; what the node has decides. */
  readonly level: string;
  /** One sentence: what happens to the service. */
  readonly service: string;
  /** Why the pod should not be cut: writes to the API, or our own way to its node, would stop. */
  readonly stops: readonly string[];
  /** What else the pod is to the cluster. */
  readonly serves: readonly string[];
  /** What the plan can't do, each a sentence. */
  readonly warnings: readonly string[];
  readonly outlook: Outlook;
  /** Addresses of the cluster to try new connections to. */
  readonly peers: KnownPeers;
}

/** What is known of a pod and its surroundings when its isolation is planned. */
export interface Prospect {
  readonly subject: Subject;
  readonly outlook: Outlook;
  readonly groups: ApiGroups;
  readonly peers: KnownPeers;
}

/** The ordered actions for one pod: the cut first, because it is what stops bytes. */
export function buildPlan({ subject, outlook, peers }: Prospect, wishes: Wishes = {}): IsolationPlan {
  const planned = [planCut(subject), planInside(subject), planDeny(subject), planDetach(subject, outlook)];
  const actions = planned.filter(
    (action) => action !== undefined && wishes.skip?.includes(action.kind) !== true,
  ) as Action[];
  return {
    subject,
    actions,
    level: expectedLevel(subject.kernel, wishes.plainImage !== true),
    service: serviceSentence(subject, outlook),
    ...rolesOf(subject, outlook),
    warnings: warningsOf(subject, outlook),
    outlook,
    peers,
  };
}
