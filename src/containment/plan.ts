import { mayNotText, type Right } from '../cluster/access.ts';
import type { ApiGroups } from '../cluster/discovery.ts';
import type { Action, ActionKind } from './acts/acts.ts';
import { planAccount } from './acts/account.ts';
import { planBindings } from './acts/bindings.ts';
import { planCordon } from './acts/cordon.ts';
import { planCut } from './acts/cut.ts';
import { planFreeze } from './acts/freeze.ts';
import { planInside } from './acts/inside.ts';
import { planDeny } from './acts/deny.ts';
import { planDetach } from './acts/detach.ts';
import { planGuard } from './acts/guard.ts';
import { planToken } from './acts/token.ts';
import { ownerKindOf, ownerResource } from './facts/owner.ts';
import type { Identity, IdentityCut } from './identity.ts';
import { expectedLevel } from './level.ts';
import type { Outlook } from './outlook.ts';
import type { KnownPeers } from './peers.ts';
import { serviceSentence } from './service-sentence.ts';
import { rolesOf, warningsOf } from './stops.ts';
import type { FoundRecord } from './record.ts';
import type { Subject } from './subject.ts';

/** Where the user wants something other than the default plan. */
export interface Wishes {
  /** Acts that are left out. */
  readonly skip?: readonly ActionKind[];
  /** Stops the processes of the pod before it is cut. */
  readonly freeze?: boolean;
  /** Detaches the pod even from an owner that will not replace it, or not without harm. */
  readonly detach?: boolean;
  /** Also cuts the pod's identity at the API server, in this way. */
  readonly cutIdentity?: IdentityCut;
  /** True when all pods of a node are isolated. */
  readonly wholeNode?: boolean;
  /** Keeps new pods away from the pod's node. */
  readonly cordon?: boolean;
  /** True when the collector image has busybox only. */
  readonly plainImage?: boolean;
  /** An address outside the cluster to which a connection may be tried from the pod. */
  readonly outside?: { readonly address: string; readonly port: number };
}

/** An act that was wanted, and why it can't be done. */
export interface LeftOut {
  readonly kind: ActionKind;
  readonly summary: string;
  readonly why: string;
}

/** What isolate will do to one pod, and what follows from it. */
export interface IsolationPlan {
  readonly subject: Subject;
  /** In the order in which they are done. */
  readonly actions: readonly Action[];
  /** Acts that can't be done for lack of a right. */
  readonly leftOut: readonly LeftOut[];
  /** The expected level of the cut; what is found on the node decides. */
  readonly level: string;
  /** One sentence: what happens to the service. */
  readonly service: string;
  /** Reasons not to cut the pod: writes to the API, or our own access to its node, would stop. */
  readonly stops: readonly string[];
  /** Other roles of the pod in the cluster. */
  readonly serves: readonly string[];
  /** What the plan can't achieve, a sentence each. */
  readonly warnings: readonly string[];
  readonly outlook: Outlook;
  /** The pod's identity at the API server, when that is to be cut. */
  readonly identity?: Identity;
  /** The record of an unfinished isolation that this one continues. */
  readonly unfinished?: FoundRecord;
  /** Addresses in the cluster to which new connections are tried. */
  readonly peers: KnownPeers;
}

/** Rights that acts need and the user lacks, by act. */
export type MayNot = ReadonlyMap<ActionKind, readonly Right[]>;

/** What is known of a pod and its surroundings when its isolation is planned. */
export interface Prospect {
  readonly subject: Subject;
  readonly outlook: Outlook;
  readonly groups: ApiGroups;
  readonly mayNot: MayNot;
  readonly peers: KnownPeers;
  readonly identity?: Identity;
}

/** Plans the acts for one pod, in order: first the guards, which take no time, then the cut, because that is what stops traffic. */
export function buildPlan(prospect: Prospect, wishes: Wishes = {}): IsolationPlan {
  const { subject, outlook, groups, mayNot, peers, identity } = prospect;
  const planned: readonly (Action | undefined)[] = [
    planGuard(subject, mayNot.get('guard')),
    wishes.freeze === true ? planFreeze(subject) : undefined,
    planCut(subject),
    planInside(subject),
    planDeny(subject, groups, mayNot.get('deny')),
    identity === undefined ? undefined : planIdentity(prospect, identity, wishes.cutIdentity),
    wishes.cordon === true ? planCordon(subject) : undefined,
    planDetach(subject, outlook),
  ];
  const wanted = planned.filter(
    (action) => action !== undefined && wishes.skip?.includes(action.kind) !== true,
  ) as Action[];
  const leftOut = wanted.flatMap((action) => whatPrevents(action, mayNot.get(action.kind) ?? [], subject));
  return {
    subject,
    actions: wanted.filter(({ kind }) => !leftOut.some((one) => one.kind === kind)),
    leftOut,
    level: expectedLevel(subject.kernel, wishes.plainImage !== true),
    service: serviceSentence(subject, outlook),
    ...rolesOf(subject, outlook),
    warnings: [...warningsOf(subject, outlook), ...identityWarnings(wanted, identity, wishes)],
    outlook,
    peers,
    ...(identity === undefined ? {} : { identity }),
  };
}

/**
 * The act as left out, when a right that it can't do without is missing. Guards, and deny policies of the network's own kind, are
 * placed as far as we may; to detach, only the kind of owner that the pod has must be readable.
 */
function whatPrevents({ kind, summary }: Action, lacking: readonly Right[], { owner }: Subject): LeftOut[] {
  const ownerKind = ownerKindOf(owner?.kind);
  const owners = ownerKind === undefined ? undefined : ownerResource(ownerKind).resource;
  const needed = lacking.filter(({ group, resource }) => {
    if (kind === 'deny') return group === 'networking.k8s.io';
    return kind === 'detach' ? resource === owners : kind !== 'guard';
  });
  return needed.length === 0 ? [] : [{ kind, summary, why: mayNotText(needed) }];
}

function planIdentity(
  { subject, outlook }: Prospect,
  identity: Identity,
  cut: IdentityCut | undefined,
): Action | undefined {
  switch (cut) {
    case 'token':
      return planToken(subject);
    case 'bindings':
      return planBindings(identity);
    case 'account':
      return planAccount(
        identity,
        outlook.siblings.filter(({ shares }) => shares.includes('service account')),
      );
    case undefined:
      return undefined;
  }
}

/** Why the plan has no cut of the identity although one was asked for. */
function identityWarnings(
  wanted: readonly Action[],
  identity: Identity | undefined,
  { cutIdentity, skip }: Wishes,
): string[] {
  if (identity === undefined || cutIdentity === undefined || skip?.includes(cutIdentity) === true) return [];
  if (wanted.some(({ kind }) => kind === cutIdentity)) return [];
  const { name } = identity.account;
  return [
    cutIdentity === 'bindings'
      ? `no binding names serviceaccount/${name}, so it is taken out of none`
      : `serviceaccount/${name} was not found, so it is not made again`,
  ];
}
