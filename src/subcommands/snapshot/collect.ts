import { mayHoldCredentials } from '../../artifacts/sensitive.ts';
import type { Api } from '../../cluster/api.ts';
import type { Pod } from '../../cluster/objects.ts';
import type { Collector } from '../../collector/collector.ts';
import type { Lend } from '../../collector/lent.ts';
import type { AcquisitionSummary } from '../../evidence/acquisition.ts';
import type { AcquisitionStart } from '../../evidence/acquisition-start.ts';
import type { Case } from '../../evidence/case.ts';
import { measureFootprint } from '../../evidence/footprint.ts';
import type { Choice, Phase, Subject } from '../../evidence/phases.ts';
import { collectRemotely } from '../../evidence/remote.ts';
import { findUnfinished } from '../../evidence/resume.ts';
import { type SnapshotOptions, type SnapshotSummary, takeSnapshot } from '../../evidence/snapshot.ts';
import { formatCount } from '../../output/count.ts';
import { OperationError, type PartialError } from '../../output/errors.ts';
import type { Progress } from '../../output/progress.ts';
import type { CommandContext, FlagValues } from '../command.ts';
import type { collectorFlags } from '../flags.ts';
import { onNodeOrByApi } from '../on-node.ts';
import { acquire, collectedOf, withCollectorOn } from '../session.ts';

/** One node, or one pod on it, of which a snapshot is wanted. */
export interface Wanted {
  readonly kind: 'node' | 'pod';
  readonly target: string;
  readonly node: string;
  readonly uid?: string;
  readonly phases: readonly Phase[];
  readonly choice: Choice;
  readonly subject?: Subject & { readonly pod: Pod };
  readonly allow: NonNullable<SnapshotOptions['allow']>;
}

/** The same where it is not asked what may come. */
export type ByApi = Omit<Wanted, 'allow'>;

export interface Collection {
  readonly api: Api;
  readonly opened: Case;
  readonly context: CommandContext;
  readonly flags: FlagValues<typeof collectorFlags>;
  readonly progress: Progress;
}

/** What a snapshot came to. */
export interface Taken {
  readonly summary: SnapshotSummary;
  readonly acquisition: AcquisitionSummary;
  /** The acquisitions that it went on from, by name. */
  readonly resumes: readonly string[];
  /** Why there was no collector. */
  readonly remote?: string;
  /** The collector, when it is still there. */
  readonly left?: PartialError;
}

/**
 * Takes a snapshot into an acquisition of its own. One that was interrupted is gone on with: parts that are whole in the
 * case are not taken again. Where no collector can be started, what the API server has is taken, and the rest is told.
 * `beside` runs while the collector still stands.
 */
export async function collect(
  collection: Collection,
  wanted: Wanted,
  beside: (collector: Collector) => Promise<void> = () => Promise.resolve(),
): Promise<Taken> {
  const { api, opened, context, flags, progress } = collection;
  const { kind, target, node, uid } = wanted;
  const options = optionsOf(wanted);
  const unfinished = await findUnfinished(opened.dir, { collection: kind, target, options });
  // Which machine it was, and by which clock, belongs to every acquisition.
  const left = wanted.phases.filter((phase) => phase === 'envelope' || unfinished?.done.has(phase) !== true);
  const goesOn = unfinished !== undefined && left.some((phase) => phase !== 'envelope');
  const phases = goesOn ? left : wanted.phases;
  const resumes = goesOn ? unfinished.acquisitions : [];
  if (goesOn)
    await progress.note(
      'Goes on',
      `${resumes.at(-1) ?? ''}, of which ${formatCount(unfinished.done.size, 'part is', 'parts are')} whole`,
    );
  const start = startOf(wanted, resumes);
  const { io, signal } = context;
  const about = { node, caseName: opened.name, ...(uid === undefined ? {} : { subject: { uid } }) };
  const lend: Lend<Collector> = (use) => withCollectorOn(api, context, flags, about, use);
  const { result, left: ours } = await onNodeOrByApi(context, progress, node, lend, {
    onNode: async (collector): Promise<Taken> => {
      const { result, summary } = await acquire(opened, start, collector, async (acquisition) => {
        const taken = await takeSnapshot(api, io, {
          ...snapshotOptions(wanted, collection),
          allow: wanted.allow,
          collector,
          acquisition,
          phases,
        });
        const footprint = await measureFootprint(api, collector, signal).catch((error: unknown) => {
          signal.throwIfAborted();
          if (!(error instanceof OperationError)) throw error;
          return undefined;
        });
        return { ...collectedOf(taken), ...(footprint === undefined ? {} : { footprint: { ...footprint } }) };
      });
      await beside(collector);
      return { summary: result, acquisition: summary, resumes };
    },
    byApi: async (remote) => ({
      ...(await collectByApi(collection, { ...wanted, phases }, remote, start)),
      resumes,
      remote,
    }),
  });
  return { ...result, ...(ours === undefined ? {} : { left: ours }) };
}

function startOf(wanted: ByApi, resumes: readonly string[] = []): AcquisitionStart {
  const { kind, target, node } = wanted;
  const options = { ...optionsOf(wanted), ...(resumes.length === 0 ? {} : { resumes }) };
  return { kind, target, node, options, sensitive: mayHoldCredentials };
}

/**
 * What two runs must have in common for the second to go on with the first: never the part of another pod of that name. How
 * many minutes ago a time is differs between them.
 */
function optionsOf({ phases, choice, subject, uid }: ByApi): AcquisitionStart['options'] & object {
  const { sinceMinutes, ...asked } = choice;
  return {
    phases,
    choice: asked.since === undefined ? { ...asked, sinceMinutes } : asked,
    ...(subject === undefined ? {} : { pod: { uid, memory: subject.memory } }),
  };
}

/** Takes what the API server and the kubelet hand out, where no collector can be: `reason` says why, in each gap. */
export async function collectByApi(
  collection: Omit<Collection, 'flags'>,
  wanted: ByApi,
  reason: string,
  start = startOf(wanted),
): Promise<Pick<Taken, 'summary' | 'acquisition'>> {
  const { api, opened, context, progress } = collection;
  const { io, signal } = context;
  const { phases } = wanted;
  const { result, summary } = await acquire(opened, start, undefined, async (acquisition) => {
    const cluster = phases.includes('cluster') ? (['cluster'] as const) : [];
    const taken = await takeSnapshot(api, io, {
      ...snapshotOptions(wanted, collection),
      acquisition,
      phases: cluster,
    });
    const began = io.monotonic();
    await collectRemotely(api, io, {
      node: wanted.node,
      ...(wanted.subject === undefined ? {} : { pod: wanted.subject.pod }),
      acquisition,
      phases,
      reason,
      signal,
    });
    await progress.step('logs', 'from the API server', io.monotonic() - began);
    const incomplete = [
      `without a collector there is only what the API server and the kubelet hand out`,
      ...taken.incomplete,
    ];
    return collectedOf({ ...taken, incomplete });
  });
  return { summary: result, acquisition: summary };
}

function snapshotOptions(
  { node, choice, subject }: ByApi,
  { context, progress }: Pick<Collection, 'context' | 'progress'>,
): Omit<SnapshotOptions, 'acquisition' | 'phases'> {
  return {
    node,
    choice,
    ...(subject === undefined ? {} : { subject }),
    onPhase: ({ phase, milliseconds, complete }) =>
      progress.step(phase, '', milliseconds, complete ? 'done' : 'part'),
    signal: context.signal,
  };
}
