import type { Api } from '../cluster/api.ts';
import type { CameTo, Lend } from '../collector/lent.ts';
import { ensureNamespace } from '../collector/namespace.ts';
import type { IsolateOptions } from '../containment/begin.ts';
import { isolate } from '../containment/isolate.ts';
import type { Isolation } from '../containment/isolation.ts';
import type { IsolationPlan } from '../containment/plan.ts';
import { isolateWithoutNode } from '../containment/without-node.ts';
import type { CommandContext, FlagValues } from './command.ts';
import type { collectorFlags } from './flags.ts';
import { onNodeOrByApi } from './on-node.ts';
import { type CollectorAndProbes, withCollectorAndProbes } from './session.ts';

/**
 * Isolates a pod with a collector on its node and probe pods around it. Where no collector may or can be, the pod is isolated
 * by the API alone, which is told: half of it is better than nothing. `lend` is given when pods share a collector; then `left`
 * is never set.
 */
export async function contain(
  api: Api,
  context: CommandContext,
  plan: IsolationPlan,
  flags: FlagValues<typeof collectorFlags>,
  options: IsolateOptions & { readonly caseName: string },
  lend?: Lend<CollectorAndProbes>,
): Promise<CameTo<Isolation>> {
  const { subject, leftOut } = plan;
  const { progress, caseName } = options;
  const refused = leftOut.find(({ kind }) => kind === 'cut');
  const byApi = (why: string): Promise<Isolation> => containByApi(api, context, plan, why, options);
  if (refused !== undefined) return { result: await byApi(refused.why) };
  const own: Lend<CollectorAndProbes> = (use) =>
    withCollectorAndProbes(api, context, flags, { subject, caseName }, use);
  return onNodeOrByApi(context, progress, subject.node, lend ?? own, {
    onNode: ({ collector, pods }) => isolate(api, context.io, plan, collector, { ...options, pods }),
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
