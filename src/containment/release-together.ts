import type { Api } from '../cluster/api.ts';
import { bounded } from '../output/bounded.ts';
import { formatCount } from '../output/count.ts';
import { InterruptedError, OperationError, type PartialError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import type { Progress } from '../output/progress.ts';
import type { FoundRecord } from './record.ts';
import { type Release, release, type ReleaseOptions } from './release.ts';
import { type SharedCollector, withSharedCollector } from './shared-collector.ts';

/** How the release of one of several pods ended. */
export type ReleaseEnd =
  | { readonly found: FoundRecord; readonly done: Release }
  | { readonly found: FoundRecord; readonly failure: string };

/** How each release ended, and what of ours is still there. */
export interface ReleaseEnds {
  readonly ends: readonly ReleaseEnd[];
  readonly left: readonly PartialError[];
}

export interface ReleaseTogetherOptions extends Omit<ReleaseOptions, 'drift'> {
  readonly driftOf: (found: FoundRecord) => readonly string[];
  /** Progress that says which pod it is about. */
  readonly progressOf: (found: FoundRecord) => Progress;
}

const podsAtOnce = 8;
const nodesAtOnce = 5;

/**
 * Releases several pods, side by side within bounds, with one collector for each node. Of a node that was cordoned the last pod is
 * released alone: only then no other one on it is isolated, and it is uncordoned. Throws InterruptedError when it is stopped.
 */
export async function releaseTogether(
  api: Api,
  io: Io,
  records: readonly FoundRecord[],
  options: ReleaseTogetherOptions,
): Promise<ReleaseEnds> {
  const nodes = [...new Set(records.map(({ record }) => record.pod.node))];
  const all = await bounded(nodes, nodesAtOnce, (node) =>
    withSharedCollector(options.onNode, options.progress, async (shared) => {
      const here = records.filter(({ record }) => record.pod.node === node);
      const one = (found: FoundRecord): Promise<ReleaseEnd> => releaseOne(api, io, found, shared, options);
      const last = here.findLast(({ record }) => record.acts.some(({ kind }) => kind === 'cordon'));
      const others = here.filter((found) => found !== last);
      const before = await bounded(others, podsAtOnce, one);
      return last === undefined ? before : [...before, await one(last)];
    }),
  );
  const ends = all.flatMap(({ result }) => result);
  if (!options.signal.aborted) return { ends, left: all.flatMap(({ left }) => left ?? []) };
  const told = ends.map((end) =>
    'failure' in end ? end.failure : `pod "${end.done.pod.name}" was released`,
  );
  throw new InterruptedError(
    `release of ${formatCount(records.length, 'pod')} was interrupted: ${told.join('; ')}`,
    {
      advice: 'run it again',
    },
  );
}

async function releaseOne(
  api: Api,
  io: Io,
  found: FoundRecord,
  shared: SharedCollector,
  { driftOf, progressOf, ...options }: ReleaseTogetherOptions,
): Promise<ReleaseEnd> {
  const progress = progressOf(found);
  try {
    const done = await release(api, io, found, {
      ...options,
      drift: driftOf(found),
      onNode: (node, use) => shared.lend(node, use),
      progress,
    });
    return { found, done };
  } catch (error) {
    if (!(error instanceof OperationError) && !options.signal.aborted) throw error;
    const { message } = error as Error;
    await progress.step('release', message, 0, 'fail');
    return { found, failure: message };
  }
}
