import type { Api } from '../cluster/api.ts';
import { InterruptedError, OperationError } from '../output/errors.ts';
import { within } from '../output/within.ts';
import { actMs, type Acting } from './acting.ts';
import type { IsolateOptions } from './begin.ts';
import { undoCommand } from './isolation.ts';
import { isAnothers, removeRecord } from './ledger.ts';
import type { IsolationPlan } from './plan.ts';
import { SupersededError } from './superseded.ts';

/**
 * The error of an isolation that was stopped. Before the first act everything is taken back; after it, what was done stays, because
 * a half-isolated pod is better than an open one. It also stays when another run has taken the isolation over. A bug is returned
 * as it is.
 */
export async function stoppedError(
  api: Api,
  { subject, unfinished }: IsolationPlan,
  acting: Acting,
  options: IsolateOptions,
  error: unknown,
  clear: (signal: AbortSignal) => Promise<void> = () => Promise.resolve(),
): Promise<unknown> {
  const interrupted = options.signal.aborted;
  if (!interrupted && !(error instanceof OperationError)) return error;
  // No act may still be under way when we say what has been done.
  await acting.settle().catch(() => undefined);
  const what = interrupted
    ? 'was interrupted'
    : `stopped: ${error instanceof Error ? error.message : 'unknown error'}`;
  const give = (end: string, advice: string): OperationError => {
    const message = `isolation of pod "${subject.name}" ${what}${end}`;
    const details = { advice, cause: error };
    return interrupted ? new InterruptedError(message, details) : new OperationError(message, details);
  };
  if (error instanceof SupersededError) {
    await acting.custody('stopped', { standing: acting.standing }).catch(() => undefined);
    const { standing } = acting;
    const did = standing.length === 0 ? '' : `; what this one had done: ${standing.join('; ')}`;
    return give(did, error.advice ?? '');
  }
  const undo = `undo it, from any machine: ${undoCommand(subject, options.where)}`;
  const standing = [...(unfinished === undefined ? [] : ['what was done before']), ...acting.standing];
  if (standing.length > 0) {
    await acting.custody('stopped', { standing }).catch(() => undefined);
    return give(`; what still stands: ${standing.join('; ')}`, undo);
  }
  try {
    const signal = within(actMs);
    if (await isAnothers(api, acting.record, signal))
      throw new SupersededError('another command goes on with it');
    await clear(signal);
    await removeRecord(api, options.collectorNamespace, subject.uid, signal);
    await acting.custody('taken back', {});
  } catch (failure) {
    return give(`, and taking it back failed: ${failure instanceof Error ? failure.message : ''}`, undo);
  }
  return give('; nothing of it is left in the cluster', 'run it again');
}
