import type { Api } from '../cluster/api.ts';
import type { Collector } from '../collector/collector.ts';
import { ensureNamespace } from '../collector/namespace.ts';
import type { StartingPods } from '../collector/probe-pods.ts';
import type { IsolateOptions } from '../containment/begin.ts';
import { isolate } from '../containment/isolate.ts';
import type { Isolation } from '../containment/isolation.ts';
import type { IsolationPlan } from '../containment/plan.ts';
import { isolateWithoutNode } from '../containment/without-node.ts';
import { OperationError } from '../output/errors.ts';
import type { Progress } from '../output/progress.ts';
import type { CommandContext, FlagValues } from './command.ts';
import type { collectorFlags } from './flags.ts';
import { withCollectorAndProbes } from './session.ts';

/** Lends what the pods of a node are isolated with. */
export type Lend = <T>(
  node: string,
  use: (collector: Collector, pods: StartingPods) => Promise<T>,
) => Promise<T>;

/**
 * Isolates a pod with a collector on its node and probe pods around it. Where no collector may or can be, the pod is isolated
 * by the API alone, which is told: half of it is better than nothing. `lend` is given when pods share a collector.
 */
export async function contain(
  api: Api,
  context: CommandContext,
  plan: IsolationPlan,
  flags: FlagValues<typeof collectorFlags>,
  options: IsolateOptions & { readonly caseName: string },
  lend?: Lend,
): Promise<Isolation> {
  const { subject, leftOut } = plan;
  const { progress, caseName } = options;
  const refused = leftOut.find(({ kind }) => kind === 'cut');
  const byApi = (why: string): Promise<Isolation> => containByApi(api, context, plan, why, options);
  if (refused !== undefined) return byApi(refused.why);
  const own: Lend = (_, use) => withCollectorAndProbes(api, context, flags, { subject, caseName }, use);
  return onNodeOrByApi(context, progress, subject.node, lend ?? own, {
    onNode: (collector, pods) => isolate(api, context.io, plan, collector, { ...options, pods }),
    byApi,
  });
}

/** Isolates a pod by the API alone; `why` says why its node is not reached. */
export async function containByApi(
  api: Api,
  { io, signal }: CommandContext,
  plan: IsolationPlan,
  why: string,
  options: IsolateOptions,
): Promise<Isolation> {
  await ensureNamespace(api, options.collectorNamespace, signal);
  return isolateWithoutNode(api, io, plan, why, options);
}

/**
 * Works with a collector on a node that `lend` gives; where none starts that is told once, with what to do, and the work is done
 * by the API alone. Throws what the work throws, and an interrupt.
 */
export async function onNodeOrByApi<T>(
  { io, signal }: CommandContext,
  progress: Progress,
  node: string,
  lend: Lend,
  work: {
    readonly onNode: (collector: Collector, pods: StartingPods) => Promise<T>;
    readonly byApi: (why: string) => Promise<T>;
  },
): Promise<T> {
  const starting = io.monotonic();
  const run = { reached: false };
  try {
    return await lend(node, async (collector, pods) => {
      run.reached = true;
      await progress.step('collector', `on ${node}`, io.monotonic() - starting);
      return work.onNode(collector, pods);
    });
  } catch (error) {
    if (run.reached || signal.aborted || !(error instanceof OperationError)) throw error;
    const { message } = error;
    await progress.step(
      'collector',
      `${message}; going on by the API alone`,
      io.monotonic() - starting,
      'fail',
    );
    if (error.advice !== undefined) await progress.warn(error.advice);
    return work.byApi(message);
  }
}
