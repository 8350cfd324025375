import type { Api } from '../cluster/api.ts';
import { readAll } from '../cluster/body.ts';
import type { Pod } from '../cluster/objects.ts';
import { resourcePath } from '../cluster/path.ts';
import { ApiError } from '../output/errors.ts';
import { annotations, labels, podSelector, type Role } from './names.ts';
import { deadlineSeconds } from './our-pod.ts';
import { deletePod } from './removal.ts';

/** `live` may be in use by another responder; `dead` never comes back; `ending` is being deleted. */
export type CollectorState = 'live' | 'dead' | 'ending';

/** A collector or probe pod that stands in the cluster. */
export interface StandingCollector {
  readonly role: Role;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  readonly subjectUid: string;
  readonly caseName: string;
  /** RFC 3339. */
  readonly created: string;
  readonly state: CollectorState;
}

/** No responder waits this long for a pod to start. */
const startSeconds = 10 * 60;
const slackSeconds = 5 * 60;
const listLimit = 64 << 20;

/** State of a collector or probe pod at `now`, by the server's clock. */
export function collectorState(pod: Pod, now: Date): CollectorState {
  const phase = pod.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') return 'dead';
  if (pod.metadata?.deletionTimestamp !== undefined) return 'ending';
  const age = (now.getTime() - Date.parse(pod.metadata?.creationTimestamp ?? '')) / 1000;
  const limit = phase === 'Running' ? deadlineSeconds + slackSeconds : startSeconds;
  return age > limit ? 'dead' : 'live';
}

/** Collector and probe pods of a namespace, or of all namespaces. Ages are judged by the server's clock. */
export async function findCollectors(
  api: Api,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<StandingCollector[]> {
  const response = await api.request({
    path: resourcePath({ version: 'v1', namespace, resource: 'pods' }),
    query: { labelSelector: podSelector },
    doing: 'list collector pods',
    signal,
  });
  const now = new Date(response.headers.date ?? NaN);
  const list = JSON.parse((await readAll(response.body, listLimit)).toString('utf8')) as { items?: Pod[] };
  return (list.items ?? []).map((pod) => standing(pod, now));
}

/**
 * Asks for the deletion of the dead collector and probe pods in a namespace, never of a live one, and returns them. A user who
 * may not list or delete pods there gets an empty list.
 */
export async function sweep(api: Api, namespace: string, signal: AbortSignal): Promise<StandingCollector[]> {
  try {
    const dead = (await findCollectors(api, namespace, signal)).filter(({ state }) => state === 'dead');
    for (const pod of dead) await deletePod(api, pod, signal);
    return dead;
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return [];
    throw error;
  }
}

function standing(pod: Pod, now: Date): StandingCollector {
  const { metadata, spec } = pod;
  return {
    role: metadata?.labels?.[labels.role] === 'probe' ? 'probe' : 'collector',
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    node: spec?.nodeName ?? '',
    subjectUid: metadata?.labels?.[labels.podUid] ?? '',
    caseName: metadata?.annotations?.[annotations.case] ?? '',
    created: metadata?.creationTimestamp ?? '',
    state: collectorState(pod, now),
  };
}
