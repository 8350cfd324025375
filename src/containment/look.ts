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
  /** What may not be done; it may still be asked while the rest is looked at. */
  readonly mayNot?: MayNot | Promise<MayNot>;
  /** The record of an isolation of the pod that was not finished: it is planned again as it was then. */
  readonly unfinished?: FoundRecord;
  /** What looking at pods that are isolated together has in common, or what was begun to be read ahead. */
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

/** Begins to look at what is around a pod of a namespace while the pod itself is still looked for. */
export function lookAhead(api: Api, namespace: string, signal: AbortSignal): Together {
  const reader = new Reader(api, signal);
  readAhead(api, reader, namespace);
  const peers = readPeerObjects(api, signal);
  peers.catch(() => undefined);
  return { reader, peers, uids: new Set() };
}

/**
 * Looks at a pod and at what is around it, and plans its isolation; changes nothing.
 * Throws OperationError for a pod that can't be isolated, ApiError when the server can't be reached.
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

/** An account that an unfinished isolation made again already is not made again once more: others may have restarted. */
function wishesNow({ unfinished, ...wishes }: LookOptions): Wishes {
  const done = unfinished?.ticks.get('account')?.startsWith('done') === true;
  if (!done || wishes.cutIdentity !== 'account') return wishes;
  return { ...wishes, skip: [...(wishes.skip ?? []), 'account'] };
}

/** Without the endpoints that stop answering together with this pod. */
function slicesBeside(slices: readonly EndpointSlice[], pod: Pod, { uids }: Together): EndpointSlice[] {
  const stays = (uid: string | undefined): boolean => uid === pod.metadata?.uid || !uids.has(uid ?? '');
  return slices.map((slice) => ({
    ...slice,
    endpoints: (slice.endpoints ?? []).filter(({ targetRef }) => stays(targetRef?.uid)),
  }));
}
