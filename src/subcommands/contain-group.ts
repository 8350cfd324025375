import type { Api } from '../cluster/api.ts';
import type { Collector } from '../collector/collector.ts';
import type { StartingPods } from '../collector/probe-pods.ts';
import type { IsolateOptions } from '../containment/begin.ts';
import { podsAtOnce } from '../containment/look-together.ts';
import type { IsolationPlan } from '../containment/plan.ts';
import { type GroupEnd, nameOf } from '../containment/present-group.ts';
import { SharedCollector } from '../containment/shared-collector.ts';
import { bounded } from '../output/bounded.ts';
import { formatCount } from '../output/count.ts';
import { InterruptedError, OperationError } from '../output/errors.ts';
import type { Progress } from '../output/progress.ts';
import { quotedWord } from '../output/shell-word.ts';
import type { CommandContext, FlagValues } from './command.ts';
import { contain } from './contain.ts';
import type { collectorFlags } from './flags.ts';
import { withCollectorAndProbes } from './session.ts';

/** Nodes with a collector of ours at the same time, at most. */
const nodesAtOnce = 5;

type Options = IsolateOptions & { readonly caseName: string; readonly caseDir: string };

/** What the pods of one node are isolated with. */
interface Lent {
  readonly collector: Collector;
  readonly pods: StartingPods;
}

/**
 * Isolates several pods, side by side within bounds, with one collector and one pair of probe pods for each node. Each has its
 * own record; one that fails does not keep the others. Throws InterruptedError that says what stands.
 */
export async function containGroup(
  api: Api,
  context: CommandContext,
  plans: readonly IsolationPlan[],
  flags: FlagValues<typeof collectorFlags>,
  options: Options,
): Promise<GroupEnd[]> {
  const nodes = [...new Set(plans.map(({ subject }) => subject.node))];
  const ends = await bounded(nodes, nodesAtOnce, (node) => {
    const some = plans.filter(({ subject }) => subject.node === node);
    return onNode(api, context, some, flags, options);
  });
  if (!context.signal.aborted) return ends.flat();
  const stopped = ends
    .flat()
    .map((end) => `${nameOf(end.plan.subject)}${'failure' in end ? `: ${end.failure}` : ' is isolated'}`);
  throw new InterruptedError(
    `isolation of ${formatCount(plans.length, 'pod')} was interrupted: ${stopped.join('; ')}`,
    {
      advice: `undo it, from any machine: kubectl ir release ${quotedWord(options.caseDir)}${options.where ?? ''}`,
    },
  );
}

async function onNode(
  api: Api,
  context: CommandContext,
  plans: readonly IsolationPlan[],
  flags: FlagValues<typeof collectorFlags>,
  options: Options,
): Promise<GroupEnd[]> {
  const shared = new SharedCollector<Lent>((node, use) => {
    const subject = { node, uid: plans[0]?.subject.uid ?? 'none' };
    return withCollectorAndProbes(
      api,
      context,
      flags,
      { subject, caseName: options.caseName },
      // The first pod that is done must not take the probe pods from the others.
      (collector, pods) =>
        use({ collector, pods: async (limit) => ({ ...(await pods(limit)), done: () => undefined }) }),
    );
  });
  try {
    return await bounded(plans, podsAtOnce, async (plan): Promise<GroupEnd> => {
      const progress = named(options.progress, nameOf(plan.subject));
      try {
        const isolation = await contain(api, context, plan, flags, { ...options, progress }, (node, use) =>
          shared.lend(node, ({ collector, pods }) => use(collector, pods)),
        );
        return { plan, isolation };
      } catch (error) {
        if (!(error instanceof OperationError) && !context.signal.aborted) throw error;
        const { message } = error as Error;
        await progress.step('isolate', message, 0, 'fail');
        return { plan, failure: message };
      }
    });
  } finally {
    await shared.close().catch((error: unknown) => {
      if (!(error instanceof OperationError)) throw error;
      return options.progress.warn(error.message);
    });
  }
}

/** Progress in which each line says which pod it is about. */
export function named(progress: Progress, name: string): Progress {
  return {
    step: (step, detail, milliseconds, state) =>
      progress.step(step, `${name}: ${detail}`, milliseconds, state),
    running: (step, detail) => progress.running(step, `${name}: ${detail}`),
    note: (label, text) => progress.note(label, `${name}: ${text}`),
    warn: (text) => progress.warn(`${name}: ${text}`),
  };
}
