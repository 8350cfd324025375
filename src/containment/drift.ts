import type { Api } from '../cluster/api.ts';
import { refOf } from '../cluster/apply.ts';
import type { KubeObject, Node, RoleBinding } from '../cluster/objects.ts';
import type { ObjectRef } from '../cluster/path.ts';
import { ApiError } from '../output/errors.ts';
import type { RecordedPod } from './acts/act.ts';
import { accountRef } from './acts/account.ts';
import type { ActRecord } from './acts/acts.ts';
import { bindingRef, subjectsIn } from './acts/binding-subjects.ts';
import type { BindingsRecord } from './acts/bindings.ts';
import { denyPolicy, networkPolicy } from './acts/deny-objects.ts';
import type { DetachRecord } from './acts/detach.ts';
import type { GuardRecord } from './acts/guard.ts';
import { guardObjects } from './acts/guard-objects.ts';
import { getObjectIfAny, isAsMade, objectText, type OwnObject } from './acts/own-object.ts';
import { tokenObjects } from './acts/token-objects.ts';
import { bindingText } from './facts/grant.ts';
import { ownerResource, ownerText } from './facts/owner.ts';
import { podUidLabel, stayAnnotations } from './names.ts';
import type { FoundRecord, RecordedVerdict } from './record.ts';
import { podRef } from './relabel.ts';
import { runningContainers, sandboxSince } from './subject.ts';
import { isThere } from './unfinished.ts';

/** An object as it is now; `unread` when it may not be read, which is no drift. */
type Live = KubeObject | undefined | 'unread';

/**
 * What is not as an isolation left it, a sentence each, by the acts that were ticked off. Rules on the node are not looked at.
 * Throws ApiError when the server can't be reached.
 */
export async function driftOf(
  api: Api,
  { record, ticks, verdict }: FoundRecord,
  signal: AbortSignal,
): Promise<string[]> {
  const { pod } = record;
  const acts = record.acts.filter(({ kind }) => isThere(ticks.get(kind)));
  const live = await look(api, podRef(pod), signal);
  if (live === undefined) return [`pod/${pod.name} is gone${leftOn(pod, acts)}`];
  if (live !== 'unread' && live.metadata.uid !== pod.uid)
    return [`pod/${pod.name} is another one by now${leftOn(pod, acts)}`];
  const parts = await Promise.all(acts.map((act) => driftOfAct(api, act, pod, live, signal)));
  return [...driftOfSandbox(acts, verdict ?? {}, live), ...driftOfMark(pod, acts, live), ...parts.flat()];
}

/** A cut goes by the name of the pod's link, or by its addresses; either may be another pod's once this one is gone. */
function leftOn({ node }: RecordedPod, acts: readonly ActRecord[]): string {
  return acts.some(({ kind }) => kind === 'cut')
    ? `; its cut still lies on ${node} and would hit a pod that gets its link's name or its address: release it`
    : '';
}

/** What a pod is told whose sandbox is made anew: it has a new network, and the rules of the old one cut nothing any more. */
export const restarted =
  'none of the containers that ran when it was isolated runs any more, and its sandbox may be a new one, as after a reboot of its node: no cut is on the network of that; release it and isolate it again';

function driftOfSandbox(
  acts: readonly ActRecord[],
  { containers = [], sandboxSince: since }: Pick<RecordedVerdict, 'containers' | 'sandboxSince'>,
  live: Live,
): string[] {
  if (live === undefined || live === 'unread' || !acts.some(({ kind }) => kind === 'cut')) return [];
  const running = runningContainers(live);
  // No container outlives its sandbox; a sandbox outlives its containers, which are started anew in it.
  if (containers.length === 0 || containers.some((id) => running.includes(id))) return [];
  return since !== undefined && since === sandboxSince(live) ? [] : [restarted];
}

function driftOfMark({ uid }: RecordedPod, acts: readonly ActRecord[], live: Live): string[] {
  const marked = acts.some(({ kind }) => ['guard', 'deny', 'detach'].includes(kind));
  const kept = live === 'unread' || live?.metadata.labels?.[podUidLabel] === uid;
  return marked && !kept ? ['our label is off the pod, so neither policies nor guards select it'] : [];
}

async function driftOfAct(
  api: Api,
  act: ActRecord,
  pod: RecordedPod,
  live: Live,
  signal: AbortSignal,
): Promise<string[]> {
  switch (act.kind) {
    case 'freeze':
    case 'cut':
    case 'inside':
      return [];
    case 'deny': {
      const policies = [networkPolicy(pod), ...act.networks.map((network) => denyPolicy(network, pod))];
      return driftOfObjects(api, policies, signal);
    }
    case 'token':
      return driftOfObjects(api, tokenObjects(pod.uid), signal);
    case 'bindings':
      return driftOfBindings(api, act, signal);
    case 'account': {
      const account = await look(api, accountRef({ namespace: pod.namespace, name: act.name }), signal);
      return account === undefined ? [`serviceaccount/${act.name} is gone; a release makes it again`] : [];
    }
    case 'guard':
      return [
        ...(await driftOfObjects(api, guardObjects(act, pod), signal)),
        ...driftOfAnnotations(act, live),
      ];
    case 'cordon': {
      const node = await look(api, { apiVersion: 'v1', resource: 'nodes', name: pod.node }, signal);
      const open =
        node !== 'unread' && node !== undefined && (node as unknown as Node).spec?.unschedulable !== true;
      return open ? [`node ${pod.node} is not cordoned any more`] : [];
    }
    case 'detach':
      return [...driftOfLabels(act, live), ...(await driftOfOwner(api, act, pod, signal))];
  }
}

async function driftOfObjects(api: Api, made: readonly OwnObject[], signal: AbortSignal): Promise<string[]> {
  const drifts = await Promise.all(
    made.map(async (object) => {
      const live = await look(api, refOf(object), signal);
      if (live === undefined) return [`${objectText(object)} is gone`];
      if (live === 'unread' || isAsMade(object, live)) return [];
      return [`${objectText(object)} was changed; a release deletes it all the same`];
    }),
  );
  return drifts.flat();
}

async function driftOfBindings(
  api: Api,
  { bindings }: BindingsRecord,
  signal: AbortSignal,
): Promise<string[]> {
  const drifts = await Promise.all(
    bindings.map(async (cut) => {
      const live = await look(api, bindingRef(cut), signal);
      if (live === 'unread') return [];
      if (live?.metadata.uid !== cut.uid) return [`${bindingText(cut)} is gone or another one by now`];
      const back = subjectsIn(live as unknown as RoleBinding, cut).length > 0;
      return back ? [`the account is back in ${bindingText(cut)}`] : [];
    }),
  );
  return drifts.flat();
}

function driftOfAnnotations({ annotations }: GuardRecord, live: Live): string[] {
  if (live === undefined || live === 'unread') return [];
  const now = live.metadata.annotations ?? {};
  return Object.keys(annotations)
    .filter((key) => now[key] !== stayAnnotations[key])
    .map((key) => `annotation ${key} is ${now[key] ?? 'gone'} by now; a release leaves it so`);
}

function driftOfLabels({ labels }: DetachRecord, live: Live): string[] {
  if (live === undefined || live === 'unread') return [];
  const now = live.metadata.labels ?? {};
  return Object.entries(labels)
    .filter(([key]) => Object.hasOwn(now, key))
    .map(([key, value]) =>
      now[key] === value
        ? `label ${key}=${value} is back on the pod`
        : `label ${key} is ${now[key] ?? ''} by now; a release leaves it so`,
    );
}

async function driftOfOwner(
  api: Api,
  { owner }: DetachRecord,
  { namespace }: RecordedPod,
  signal: AbortSignal,
): Promise<string[]> {
  if (owner === undefined) return [];
  const live = await look(api, { ...ownerResource(owner.kind), namespace, name: owner.name }, signal);
  return live === 'unread' || live?.metadata.uid === owner.uid
    ? []
    : [`${ownerText(owner)}, its owner before, is gone`];
}

async function look(api: Api, ref: ObjectRef, signal: AbortSignal): Promise<Live> {
  try {
    return await getObjectIfAny(api, ref, signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return 'unread';
    throw error;
  }
}
