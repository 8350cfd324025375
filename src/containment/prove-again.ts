import type { Api } from '../cluster/api.ts';
import type { Pod } from '../cluster/objects.ts';
import type { Collector } from '../collector/collector.ts';
import type { ProbePods } from '../collector/probe-pods.ts';
import type { Io } from '../output/io.ts';
import { within } from '../output/within.ts';
import { actMs } from './acting.ts';
import { planIsolation } from './look.ts';
import { lookAtNode } from './node-look.ts';
import { Proof, type Proven, type Standing } from './proof.ts';
import type { FoundRecord } from './record.ts';
import { isThere } from './unfinished.ts';

export interface AgainOptions {
  readonly collector: Collector;
  readonly pods: ProbePods;
  /** Flows by their text that worked before the isolation. */
  readonly worked: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/**
 * Proves an isolation that is in place once more, with the tries of its first proof. Places only counters, which it removes
 * again. Throws OperationError when the pod or its node can't be examined.
 */
export async function proveAgain(
  api: Api,
  io: Io,
  pod: Pod,
  found: FoundRecord,
  { collector, pods, worked, signal }: AgainOptions,
): Promise<Proven> {
  const { subject, peers } = await planIsolation(api, pod, { unfinished: found, now: io.now(), signal });
  const node = await lookAtNode(collector, subject, signal);
  const proof = new Proof({ ...node, subject, peers, pods });
  try {
    await proof.measureStanding(worked, signal);
    return await proof.judge(standingOf(found), signal);
  } finally {
    await proof.close(within(actMs));
  }
}

/** What was placed according to the record; the measurement shows whether it is still there. */
function standingOf({ record, ticks }: FoundRecord): Standing {
  const cut = record.acts.find((act) => act.kind === 'cut');
  return {
    cut: isThere(ticks.get('cut')) ? cut?.level : undefined,
    inside: isThere(ticks.get('inside')),
  };
}
