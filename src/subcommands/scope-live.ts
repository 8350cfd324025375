import type { Api } from '../cluster/api.ts';
import { readyNode } from '../cluster/node.ts';
import { mayHoldCredentials } from '../artifacts/sensitive.ts';
import type { Case } from '../evidence/case.ts';
import { collectAddresses, collectNodeObjects } from '../evidence/node-objects.ts';
import type { Phase } from '../evidence/phases.ts';
import { takeSnapshot } from '../evidence/snapshot.ts';
import type { Indicator } from '../findings/indicator.ts';
import { scriptInput } from '../filesystem/script-input.ts';
import { formatCount } from '../output/count.ts';
import { OperationError } from '../output/errors.ts';
import type { Progress } from '../output/progress.ts';
import type { CommandContext, FlagValues } from './command.ts';
import type { collectorFlags } from './flags.ts';
import { acquire, collectedOf, withCollectorOn } from './session.ts';

/** A node, and why it was not looked at, or not at all of it. */
export interface Look {
  readonly node: string;
  /** Directory of its acquisition in the case. */
  readonly acquisition?: string;
  readonly lacking?: string;
}

/** Paths and sizes that one node is asked for: each is looked for in every container. */
const mostPaths = 40;
const mostSizes = 40;

export interface LiveSearch {
  readonly api: Api;
  readonly context: CommandContext;
  readonly opened: Case;
  readonly flags: FlagValues<typeof collectorFlags>;
  readonly progress: Progress;
  readonly indicators: readonly Indicator[];
  /** True for the node with which the addresses of the cluster are taken. */
  readonly services: () => boolean;
}

/**
 * Takes from a node what indicators are held against, into the case: what runs, its sockets, the digests of programs, files
 * of the paths and sizes that are looked for. A node that can't be looked at is told, never thrown.
 */
export async function lookAtNode(search: LiveSearch, node: string): Promise<Look> {
  const { api, context, opened, flags, progress, indicators } = search;
  const { signal, io } = context;
  const started = io.monotonic();
  const asked = asksOf(indicators);
  const phases: Phase[] = [
    'envelope',
    'sockets',
    'processes',
    'programs',
    ...(asked.config ? ['config' as const] : []),
  ];
  const start = {
    kind: 'scope',
    target: node,
    node,
    options: { phases, paths: asked.paths, sizes: asked.sizes },
    sensitive: mayHoldCredentials,
  };
  // What came is searched even when the collector could not be taken away.
  const taken: { acquisition?: string } = {};
  try {
    await readyNode(api, node, signal);
    return await withCollectorOn(api, context, flags, { node, caseName: opened.name }, async (collector) => {
      const { result, summary } = await acquire(opened, start, collector, async (acquisition) => {
        await collectNodeObjects(api, acquisition, node, signal);
        if (search.services()) await collectAddresses(api, acquisition, signal);
        const snapshot = await takeSnapshot(api, io, { node, collector, acquisition, phases, signal });
        await collector.collect(
          'scope',
          asked.sizes.map(String),
          acquisition,
          signal,
          scriptInput(asked.paths),
        );
        const { incomplete, ...rest } = collectedOf(snapshot);
        return { ...rest, incomplete: [...incomplete, ...asked.left] };
      });
      const lacking = [...result.incomplete, ...asked.left];
      await progress.step(
        node,
        formatCount(summary.items, 'item'),
        io.monotonic() - started,
        lacking.length === 0 ? 'done' : 'part',
      );
      taken.acquisition = summary.dir.split('/').at(-1) ?? '';
      return { node, ...taken, ...(lacking.length === 0 ? {} : { lacking: lacking.join('; ') }) };
    });
  } catch (error) {
    if (signal.aborted || !(error instanceof OperationError)) throw error;
    await progress.step(node, error.message, io.monotonic() - started, 'fail');
    return { node, ...taken, lacking: error.message };
  }
}

interface Asks {
  readonly paths: readonly string[];
  readonly sizes: readonly number[];
  /** Tables of cron and keys of ssh on the node. */
  readonly config: boolean;
  /** What is more than one node is asked for. */
  readonly left: readonly string[];
}

function asksOf(indicators: readonly Indicator[]): Asks {
  const paths = indicators.filter(({ type }) => type === 'path').map(({ value }) => value);
  const sizes = [...new Set(indicators.flatMap(({ size = 0 }) => (size > 0 ? [size] : [])))];
  const over = (list: readonly unknown[], most: number, what: string): string[] =>
    list.length > most ? [`${list.length - most} ${what} were not looked for: ${most} at a time`] : [];
  return {
    paths: paths.slice(0, mostPaths),
    sizes: sizes.slice(0, mostSizes),
    config: indicators.some(({ type }) => type === 'cron' || type === 'ssh-key'),
    left: [...over(paths, mostPaths, 'paths'), ...over(sizes, mostSizes, 'sizes of files')],
  };
}
