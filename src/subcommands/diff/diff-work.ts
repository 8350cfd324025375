import type { Api } from '../../cluster/api.ts';
import type { Pod } from '../../cluster/objects.ts';
import type { Collector } from '../../collector/collector.ts';
import { whileFrozen } from '../../containment/while-frozen.ts';
import type { Case } from '../../evidence/case.ts';
import type { DiffSpool } from '../../filesystem/change-log.ts';
import { blindDiff, diffExitCode } from '../../filesystem/container-diff.ts';
import { containersOf } from '../../filesystem/container.ts';
import type { PodDiff } from '../../filesystem/pod-diff.ts';
import { OperationError } from '../../output/errors.ts';
import { createProgress, type Progress } from '../../output/progress.ts';
import type { CommandContext, FlagValues } from '../command.ts';
import type { collectorFlags } from '../flags.ts';
import { withCollectorOn } from '../session.ts';
import { acquireDiff, acquireUnknown } from './diff-acquisition.ts';
import type { Choice, NodeWork } from './diff-subject.ts';

type Options = FlagValues<typeof collectorFlags> &
  Pick<Choice, 'container' | 'previous' | 'freeze'> & {
    readonly content: boolean;
    readonly spool: DiffSpool;
    /** A pod or a node that could not be looked at is told as blind and does not stop the others; else the failure is thrown. */
    readonly goOn: boolean;
    /** Gets what was found when all of it lies in the case, once; the collector is removed meanwhile. */
    readonly seen: (diffs: readonly PodDiff[]) => Promise<void>;
  };

/** Looks at what there is to look at on one node, through one collector, and ends when that is gone. */
export async function lookOnNode(
  api: Api,
  opened: Case,
  work: NodeWork,
  options: Options,
  context: CommandContext,
): Promise<void> {
  const { io, signal } = context;
  const { content, spool, goOn, seen } = options;
  const progress = createProgress(io);
  const { node } = work;
  const [pod] = 'pods' in work ? work.pods : [];
  const subject = pod === undefined ? {} : { subject: { uid: pod.metadata?.uid ?? '' } };
  const diffs: PodDiff[] = [];
  const look = async (collector: Collector): Promise<void> => {
    if (!('pods' in work)) {
      diffs.push(await step(() => acquireUnknown(opened, collector, work.id, { content, spool, signal })));
      return;
    }
    for (const one of work.pods) {
      const { container: containers, previous } = options;
      const still =
        options.freeze && !isOver(one) ? { still: keepStill(collector, one, context, progress) } : {};
      const acquired = (): Promise<PodDiff> =>
        acquireDiff(opened, collector, one, { containers, previous, content, spool, signal, ...still });
      diffs.push(await step(goOn ? () => orBlind(acquired, one, options, signal) : acquired));
    }
  };
  const step = async (run: () => Promise<PodDiff>): Promise<PodDiff> => {
    const started = io.monotonic();
    const diff = await run();
    const names = diff.containers.map(({ name }) => name).join(', ');
    const detail = goOn ? `${diff.pod.name}: ${names}` : names;
    await progress.step('diff', detail, io.monotonic() - started, diffExitCode(diff) === 3 ? 'part' : 'done');
    return diff;
  };
  const starting = io.monotonic();
  const about = { node, ...subject, caseName: opened.name };
  const use = async (collector: Collector): Promise<void> => {
    await progress.step('collector', `on ${node}`, io.monotonic() - starting);
    await look(collector);
  };
  try {
    await withCollectorOn(api, context, options, about, use, () => seen(diffs));
  } catch (error) {
    const rest = 'pods' in work ? work.pods.slice(diffs.length) : [];
    // After the last pod it is not the looking that failed.
    if (!goOn || rest.length === 0) throw error;
    diffs.push(...rest.map((one) => blindPod(one, options, failureText(error, signal))));
    await seen(diffs);
  }
}

/** True for a pod of which nothing runs that could be stopped. */
function isOver({ status }: Pod): boolean {
  return ['Succeeded', 'Failed'].includes(status?.phase ?? '');
}

function keepStill(
  collector: Collector,
  pod: Pod,
  context: CommandContext,
  progress: Progress,
): NonNullable<Parameters<typeof acquireDiff>[3]['still']> {
  return async (look) => {
    const done = await whileFrozen(collector, pod, context, look);
    const { stillness } = done;
    const name = pod.metadata?.name ?? '';
    if ('why' in stillness) await progress.warn(`pod "${name}" was not frozen: ${stillness.why}`);
    else if (!stillness.whole)
      await progress.warn(
        `pod "${name}" went on before everything was looked at: it may not be stopped for longer`,
      );
    return done;
  };
}

async function orBlind(
  run: () => Promise<PodDiff>,
  pod: Pod,
  options: Options,
  signal: AbortSignal,
): Promise<PodDiff> {
  try {
    return await run();
  } catch (error) {
    return blindPod(pod, options, failureText(error, signal));
  }
}

/** The message of a failure that is none of ours; anything else is thrown on. */
function failureText(error: unknown, signal: AbortSignal): string {
  signal.throwIfAborted();
  if (error instanceof OperationError) return error.message;
  throw error;
}

function blindPod(pod: Pod, { container, previous }: Options, why: string): PodDiff {
  const { namespace = '', name = '', uid = '' } = pod.metadata ?? {};
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'PodDiff',
    pod: { namespace, name, uid, node: pod.spec?.nodeName ?? '' },
    containers: containersOf(pod, container, { previous }).map((target) =>
      blindDiff(target, [{ what: 'container', why }]),
    ),
  };
}
