import type { Api } from '../cluster/api.ts';
import type { Pod } from '../cluster/objects.ts';
import { bounded } from '../output/bounded.ts';
import { ApiError, OperationError } from '../output/errors.ts';
import { unfinishedRecord } from './ledger.ts';
import { type LookOptions, planIsolation } from './look.ts';
import { readPeerObjects } from './peer-objects.ts';
import type { IsolationPlan, MayNot } from './plan.ts';
import { Reader } from './reader.ts';
import { refuseStops } from './refusal.ts';
import { identityOf } from './relabel.ts';

/** A pod that is not isolated with the others, and why. */
export interface LeftPod {
  readonly namespace: string;
  readonly name: string;
  readonly why: string;
}

/** What isolate will do to several pods at once. */
export interface GroupPlan {
  readonly plans: readonly IsolationPlan[];
  readonly left: readonly LeftPod[];
}

export interface GroupOptions extends Omit<LookOptions, 'unfinished' | 'mayNot' | 'together'> {
  readonly collectorNamespace: string;
  /** What may not be done in a namespace. */
  readonly mayNot: (namespace: string) => MayNot;
  /** Why pods are cut although writes to the API stop. */
  readonly evenIf?: string;
}

/** Pods that are looked at or acted on at the same time, at most. */
export const podsAtOnce = 8;

/**
 * Plans the isolation of several pods as one: what is around them is read once, and none of them counts as an endpoint that would
 * go on answering for another. Pods that can't or should not be cut are left, with the reason. Changes nothing.
 */
export async function planTogether(
  api: Api,
  pods: readonly Pod[],
  { collectorNamespace, mayNot, evenIf, ...options }: GroupOptions,
): Promise<GroupPlan> {
  const { signal } = options;
  const uids = new Set(pods.map(({ metadata }) => metadata?.uid ?? ''));
  const together = { reader: new Reader(api, signal), peers: readPeerObjects(api, signal), uids };
  // A failure is told by the pods that wait for it; before that nobody does.
  together.peers.catch(() => undefined);
  const looked = await bounded(pods, podsAtOnce, async (pod): Promise<IsolationPlan | LeftPod> => {
    const { namespace = '', name = '' } = pod.metadata ?? {};
    try {
      const unfinished = await unfinishedRecord(api, identityOf(pod), collectorNamespace, signal);
      const plan = await planIsolation(api, pod, {
        ...options,
        ...(unfinished === undefined ? {} : { unfinished }),
        mayNot: mayNot(namespace),
        together,
      });
      refuseStops(plan, evenIf);
      return plan;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof OperationError) || error instanceof ApiError) throw error;
      return { namespace, name, why: error.message };
    }
  });
  return {
    plans: looked.filter((one) => 'subject' in one),
    left: looked.flatMap((one) => ('subject' in one ? [] : [one])),
  };
}
