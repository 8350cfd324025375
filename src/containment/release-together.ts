import type { Api } from '../cluster/api.ts';
import { bounded } from '../output/bounded.ts';
import { formatCount } from '../output/count.ts';
import { InterruptedError, OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import type { Progress } from '../output/progress.ts';
import type { FoundRecord } from './record.ts';
import { type Release, release, type ReleaseOptions } from './release.ts';
import { SharedCollector } from './shared-collector.ts';

/** How the release of one of several pods ended. */
export type ReleaseEnd =
  | { readonly found: FoundRecord; readonly done: Release }
  | { readonly found: FoundRecord; readonly failure: string };

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
): Promise<ReleaseEnd[]> {
  const nodes = [...new Set(records.map(({ record }) => record.pod.node))];
  const ends = await bounded(nodes, nodesAtOnce, async (node) => {
    const here = records.filter(({ record }) => record.pod.node === node);
    const shared = new SharedCollector(options.onNode);
    const one = (found: FoundRecord): Promise<ReleaseEnd> => releaseOne(api, io, found, shared, options);
    const last = here.findLast(({ record }) => record.acts.some(({ kind }) => kind === 'cordon'));
    try {
      const before = await bounded(
        here.filter((found) => found !== last),
        podsAtOnce,
        one,
      );
      return last === undefined ? before : [...before, await one(last)];
    } finally {
      await shared.close().catch((error: unknown) => {
        if (!(error instanceof OperationError)) throw error;
        return options.progress.warn(error.message);
      });
    }
  });
  if (!options.signal.aborted) return ends.flat();
  const told = ends
    .flat()
    .map((end) => ('failure' in end ? end.failure : `pod "${end.done.pod.name}" was released`));
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
