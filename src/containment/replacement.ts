import type { Api } from '../cluster/api.ts';
import { listAll } from '../cluster/list.ts';
import type { Pod } from '../cluster/objects.ts';
import { resourcePath } from '../cluster/path.ts';
import type { Io } from '../output/io.ts';
import { controllerOf } from './facts/owner.ts';
import type { LabelSelector } from '../cluster/selector.ts';
import type { Subject } from './subject.ts';

/** The pod that took the place of a detached one, and how long it took to be ready. */
export interface Replacement {
  readonly name: string;
  readonly seconds: number;
}

/** A controller as far as its pods are found by it. */
export interface PodOwner {
  readonly uid: string;
  readonly selector: LabelSelector;
}

/** The pods that a controller owns and that are not being deleted. */
export async function podsOf(
  api: Api,
  owner: PodOwner & { readonly namespace: string },
  signal: AbortSignal,
): Promise<Pod[]> {
  const pods: Pod[] = [];
  const path = resourcePath({ version: 'v1', namespace: owner.namespace, resource: 'pods' });
  const equal = Object.entries(owner.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  for await (const pod of listAll<Pod>(api, { path, query: { labelSelector: equal.join(',') }, signal })) {
    const owned = controllerOf(pod)?.uid === owner.uid;
    if (owned && pod.metadata?.deletionTimestamp === undefined) pods.push(pod);
  }
  return pods;
}

/** Waits for a ready pod of the owner that was not there before; undefined when none came in time. */
export async function awaitReplacement(
  api: Api,
  io: Io,
  subject: Subject,
  options: {
    readonly owner: PodOwner;
    readonly known: readonly Pod[];
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<Replacement | undefined> {
  const started = io.monotonic();
  const known = new Set([...options.known.map((pod) => pod.metadata?.uid), subject.uid]);
  for (;;) {
    const pods = await podsOf(api, { ...options.owner, namespace: subject.namespace }, options.signal);
    const fresh = pods.find((pod) => !known.has(pod.metadata?.uid) && isReady(pod));
    const waited = io.monotonic() - started;
    if (fresh !== undefined) return { name: fresh.metadata?.name ?? '', seconds: waited / 1000 };
    if (waited > options.timeoutMs) return undefined;
    await io.sleep(250, options.signal);
  }
}

/** True for a pod whose Ready condition is True. */
export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
}
