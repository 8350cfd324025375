import type { Api } from '../cluster/api.ts';
import type { CameTo, Lend } from '../collector/lent.ts';
import type { IsolateOptions } from '../containment/begin.ts';
import { podsAtOnce } from '../containment/look-together.ts';
import type { IsolationPlan } from '../containment/plan.ts';
import { type GroupEnd, nameOf } from '../containment/present-group.ts';
import { type OnNode, withSharedCollector } from '../containment/shared-collector.ts';
import { bounded } from '../output/bounded.ts';
import { formatCount } from '../output/count.ts';
import { InterruptedError, OperationError, type PartialError } from '../output/errors.ts';
import type { Progress } from '../output/progress.ts';
import { quotedWord } from '../output/shell-word.ts';
import type { CommandContext, FlagValues } from './command.ts';
import { contain } from './contain.ts';
import type { collectorFlags } from './flags.ts';
import { type CollectorAndProbes, withCollectorAndProbes } from './session.ts';

/** Nodes with a collector of ours at the same time, at most. */
const nodesAtOnce = 5;

type Options = IsolateOptions & { readonly caseName: string; readonly caseDir: string };

/** What became of each pod, and what of ours is still there. */
export interface GroupEnds {
  readonly ends: readonly GroupEnd[];
  readonly left: readonly PartialError[];
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
): Promise<GroupEnds> {
  const nodes = [...new Set(plans.map(({ subject }) => subject.node))];
  const all = await bounded(nodes, nodesAtOnce, (node) => {
    const some = plans.filter(({ subject }) => subject.node === node);
    return isolateOnNode(api, context, some, flags, options);
  });
  const ends = all.flatMap(({ result }) => result);
  if (!context.signal.aborted) return { ends, left: all.flatMap(({ left }) => left ?? []) };
  const stopped = ends.map(
    (end) => `${nameOf(end.plan.subject)}${'failure' in end ? `: ${end.failure}` : ' is isolated'}`,
  );
  throw new InterruptedError(
    `isolation of ${formatCount(plans.length, 'pod')} was interrupted: ${stopped.join('; ')}`,
    {
      advice: `undo it, from any machine: kubectl ir release ${quotedWord(options.caseDir)}${options.where ?? ''}`,
    },
  );
}

function isolateOnNode(
  api: Api,
  context: CommandContext,
  plans: readonly IsolationPlan[],
  flags: FlagValues<typeof collectorFlags>,
  options: Options,
): Promise<CameTo<GroupEnd[]>> {
  const onNode: OnNode<CollectorAndProbes> = (node, use) => {
    const subject = { node, uid: plans[0]?.subject.uid ?? 'none' };
    const about = { subject, caseName: options.caseName };
    return withCollectorAndProbes(api, context, flags, about, ({ collector, pods }) =>
      // The first pod that is done must not take the probe pods from the others.
      use({ collector, pods: async (limit) => ({ ...(await pods(limit)), done: () => undefined }) }),
    );
  };
  return withSharedCollector(onNode, options.progress, (shared) =>
    bounded(plans, podsAtOnce, async (plan): Promise<GroupEnd> => {
      const progress = named(options.progress, nameOf(plan.subject));
      const lend: Lend<CollectorAndProbes> = (use) => shared.lend(plan.subject.node, use);
      try {
        const contained = await contain(api, context, plan, flags, { ...options, progress }, lend);
        return { plan, isolation: contained.result };
      } catch (error) {
        if (!(error instanceof OperationError) && !context.signal.aborted) throw error;
        const { message } = error as Error;
        await progress.step('isolate', message, 0, 'fail');
        return { plan, failure: message };
      }
    }),
  );
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
