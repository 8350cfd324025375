import { type CameTo, type Lend, workWith } from '../collector/lent.ts';
import { OperationError } from '../output/errors.ts';
import type { Progress } from '../output/progress.ts';
import type { CommandContext } from './command.ts';

/** Work that is done with a collector, or else, as far as it goes, by the API alone; `why` says why there is no collector. */
export interface NodeWork<L, T> {
  readonly onNode: (lent: L) => Promise<T>;
  readonly byApi: (why: string) => Promise<T>;
}

/**
 * Works with a collector on a node; where none starts, that is told once, with what to do, and the work is done by the API alone.
 * Throws what the work throws, and an interrupt.
 */
export async function onNodeOrByApi<L, T>(
  { io, signal }: CommandContext,
  progress: Progress,
  node: string,
  lend: Lend<L>,
  work: NodeWork<L, T>,
): Promise<CameTo<T>> {
  const starting = io.monotonic();
  const run = { reached: false };
  try {
    return await workWith(lend, async (lent) => {
      run.reached = true;
      await progress.step('collector', `on ${node}`, io.monotonic() - starting);
      return work.onNode(lent);
    });
  } catch (error) {
    if (run.reached || signal.aborted || !(error instanceof OperationError)) throw error;
    const { message, advice } = error;
    const text = `${message}; going on by the API alone`;
    await progress.step('collector', text, io.monotonic() - starting, 'fail');
    if (advice !== undefined) await progress.warn(advice);
    return { result: await work.byApi(message) };
  }
}
