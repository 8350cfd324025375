import type { Api } from '../cluster/api.ts';
import type { Io } from '../output/io.ts';
import { Acting } from './acting.ts';
import { nodeKinds } from './acts/acts.ts';
import { begin, type IsolateOptions } from './begin.ts';
import { stoppedError } from './failure.ts';
import type { Isolation } from './isolation.ts';
import { isolationOf } from './isolation-result.ts';
import type { IsolationPlan } from './plan.ts';

/**
 * Performs the acts that need no collector on the pod's node: policies, labels, guards. Their effect can't be measured through the
 * API, so the verdict is UNVERIFIED. `why` says why the node could not be used.
 */
export async function isolateWithoutNode(
  api: Api,
  io: Io,
  planned: IsolationPlan,
  why: string,
  options: IsolateOptions,
): Promise<Isolation> {
  const acting = new Acting(api, io, planned.subject, options);
  const onNode = planned.actions.filter(({ kind }) => nodeKinds.includes(kind));
  const plan = { ...planned, actions: planned.actions.filter(({ kind }) => !nodeKinds.includes(kind)) };
  await begin(api, io, plan, acting, options);
  try {
    for (const action of plan.actions) {
      options.signal.throwIfAborted();
      await acting.perform(action, undefined);
    }
    for (const { kind, summary } of onNode)
      await acting.leaveOut({ kind, summary, why: `no collector on node ${planned.subject.node}` });
    for (const one of plan.leftOut) await acting.leaveOut(one);
    await acting.settle();
    const isolation = isolationOf(plan, acting, {
      level: undefined,
      proven: {
        verdict: 'UNVERIFIED',
        checks: [],
        leaks: [],
        reasons: [`nothing was measured: ${why}`],
        gaps: [],
      },
      started: options.started,
      ended: io.monotonic(),
      replacement: await acting.replacement,
      collectorNamespace: options.collectorNamespace,
      where: options.where,
    });
    await acting.keep(isolation.verification.verdict);
    await acting.custody(isolation.verification.verdict, { isolation });
    return isolation;
  } catch (error) {
    throw await stoppedError(api, plan, acting, options, error);
  }
}
