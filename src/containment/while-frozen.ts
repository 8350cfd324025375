import type { Pod } from '../cluster/objects.ts';
import type { Collector } from '../collector/collector.ts';
import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { createProgress } from '../output/progress.ts';
import { within } from '../output/within.ts';
import { type Frozen, freezePod, thawPod } from './freezer.ts';
import { falteringContainers, freezeSeconds, podProbes, whyNoFreeze } from './probes.ts';

/** How a pod stood still during some work: between two times (RFC 3339), to the end of it or not; or why it did not. */
export type Stillness =
  { readonly from: string; readonly to: string; readonly whole: boolean } | { readonly why: string };

/** Time for the thaw, whatever ended the work. */
const thawMs = 20_000;

/**
 * Stops every process of a pod while `use` works, for as long as no probe restarts a container, and lets it go on afterwards, also
 * after a failure or an abort; should that not succeed, a process on the node does it when the time is over. The work is done without
 * it where a pod can't be frozen.
 */
export async function whileFrozen<T>(
  collector: Collector,
  pod: Pod,
  { io, signal }: { readonly io: Io; readonly signal: AbortSignal },
  use: () => Promise<T>,
): Promise<{ readonly result: T; readonly stillness: Stillness }> {
  const letGo = async (ours: boolean): Promise<boolean> => {
    try {
      const thawed = await thawPod(collector, uidOf(pod), within(thawMs), { ours });
      return thawed === 'thawed' || thawed === 'left';
    } catch {
      const message =
        'the pod could not be let go on; a process of ours on its node does that when the time is over';
      await createProgress(io).warn(message);
      return false;
    }
  };
  const undone =
    (ours: boolean) =>
    async (error: unknown): Promise<never> => {
      await letGo(ours);
      throw error;
    };
  // When it was interrupted, the answer may not have come, and the pod is frozen all the same.
  const frozen = await freeze(collector, pod, signal).catch(undone(false));
  if ('why' in frozen) return { result: await use(), stillness: frozen };
  const from = io.now().toISOString();
  const result = await use().catch(undone(true));
  const whole = await letGo(true);
  return { result, stillness: { from, to: io.now().toISOString(), whole } };
}

async function freeze(collector: Collector, pod: Pod, signal: AbortSignal): Promise<Frozen> {
  const probes = podProbes(pod);
  const faltering = falteringContainers(pod);
  const why = whyNoFreeze(probes, faltering);
  if (why !== undefined) return { why };
  const seconds = freezeSeconds(probes, faltering);
  try {
    return await freezePod(collector, uidOf(pod), seconds, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OperationError)) throw error;
    return { why: error.message };
  }
}

function uidOf({ metadata }: Pod): string {
  return metadata?.uid ?? '';
}
