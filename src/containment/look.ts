import type { Api } from '../cluster/api.ts';
import type { EndpointSlice, Pod } from '../cluster/objects.ts';
import { readIdentity } from './identity.ts';
import { detachmentOf, outlookOf } from './outlook.ts';
import { readPeerObjects } from './peer-objects.ts';
import { knownPeers } from './peers.ts';
import { buildPlan, type IsolationPlan, type MayNot, type Wishes } from './plan.ts';
import { Reader } from './reader.ts';
import { refuseUnfit } from './refusal.ts';
import type { FoundRecord } from './record.ts';
import { describeSubject } from './subject.ts';
import { readAhead, readSurroundings } from './surroundings.ts';
import { asBefore } from './unfinished.ts';

export interface LookOptions extends Wishes {
  /** Rights that are missing. May be a promise, so that they are checked while the surroundings are read. */
  readonly mayNot?: MayNot | Promise<MayNot>;
  /** The record of an unfinished isolation of the pod, which is planned again as the pod was then. */
  readonly unfinished?: FoundRecord;
  /** What several pods that are isolated together share, or what `lookAhead` has begun to read. */
  readonly together?: Together;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** Objects that are read once for several pods, and the uids of those pods. */
export interface Together {
  readonly reader: Reader;
  readonly peers: ReturnType<typeof readPeerObjects>;
  readonly uids: ReadonlySet<string>;
}

/** Begins to read the surroundings of a pod of a namespace while the pod itself is still being looked up. */
export function lookAhead(api: Api, namespace: string, signal: AbortSignal): Together {
  const reader = new Reader(api, signal);
  readAhead(api, reader, namespace);
  const peers = readPeerObjects(api, signal);
  peers.catch(() => undefined);
  return { reader, peers, uids: new Set() };
}

/**
 * Reads a pod and its surroundings and plans its isolation. Changes nothing. Throws OperationError for a pod that can't be
 * isolated, and ApiError when the server can't be reached.
 */
export async function planIsolation(api: Api, live: Pod, options: LookOptions): Promise<IsolationPlan> {
  const { signal, now, outside, unfinished, together } = options;
  const pod = unfinished === undefined ? live : asBefore(live, unfinished.record);
  const [read, own, identity] = await Promise.all([
    readSurroundings(api, pod, signal, together?.reader),
    together?.peers ?? readPeerObjects(api, signal),
    options.cutIdentity === undefined ? undefined : readIdentity(api, pod, signal),
  ]);
  const around =
    together === undefined ? read : { ...read, slices: slicesBeside(read.slices, pod, together) };
  const { node, groups } = around;
  refuseUnfit(pod, node);
  const subject = describeSubject(pod, around);
  const { services } = around;
  const peers = knownPeers(
    { node, services, ...own, ...(outside === undefined ? {} : { outside }) },
    subject,
  );
  const untouched = options.skip?.includes('detach') === true;
  const detachment = untouched
    ? 'none'
    : detachmentOf(subject.owner, options.detach === true, options.wholeNode);
  const seen = outlookOf(pod, subject, around, { detachment, now });
  const outlook = { ...seen, gaps: [...seen.gaps, ...own.gaps, ...(identity?.gaps ?? [])] };
  const mayNot: MayNot = (await options.mayNot) ?? new Map<never, never>();
  const known = identity === undefined ? {} : { identity };
  const plan = buildPlan({ subject, outlook, groups, mayNot, peers, ...known }, wishesNow(options));
  return unfinished === undefined ? plan : { ...plan, unfinished };
}

/** An account that the unfinished isolation has already recreated is not recreated again: other pods may have restarted since. */
function wishesNow({ unfinished, ...wishes }: LookOptions): Wishes {
  const done = unfinished?.ticks.get('account')?.startsWith('done') === true;
  if (!done || wishes.cutIdentity !== 'account') return wishes;
  return { ...wishes, skip: [...(wishes.skip ?? []), 'account'] };
}

/** Without the endpoints of the other pods that are isolated together with this one. */
function slicesBeside(slices: readonly EndpointSlice[], pod: Pod, { uids }: Together): EndpointSlice[] {
  const stays = (uid: string | undefined): boolean => uid === pod.metadata?.uid || !uids.has(uid ?? '');
  return slices.map((slice) => ({
    ...slice,
    endpoints: (slice.endpoints ?? []).filter(({ targetRef }) => stays(targetRef?.uid)),
  }));
}
