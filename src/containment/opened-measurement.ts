import type { Collector } from '../collector/collector.ts';
import type { ProbePod, StartingPods } from '../collector/probe-pods.ts';
import type { Script } from '../collector/script.ts';
import { openAhead, type WaitingCall } from '../collector/waiting-call.ts';
import { composed } from './node-side.ts';
import { openReading } from './reading.ts';

/** What flows are measured by, opened while it is still looked for where: opening takes as long as the look itself. */
export interface OpenedMeasurement {
  readonly flows: WaitingCall;
  /** What makes tries in the probe pods that ran already, by the names of the pods. */
  readonly reach: ReadonlyMap<string, WaitingCall>;
  /** Gives up what was not used. */
  readonly cancel: () => void;
}

/** Opens all that a measurement of so many seconds takes, with those of the probe pods that run by now. */
export async function openMeasurement(
  collector: Collector,
  starting: StartingPods | undefined,
  seconds: number,
): Promise<OpenedMeasurement> {
  const flows = openReading(collector, seconds);
  const found = await starting?.(Promise.resolve());
  const pods = [found?.near, found?.far].filter((pod) => pod !== undefined);
  const reach = new Map(pods.map((pod) => [pod.pod, openReach(pod, seconds)]));
  return {
    flows,
    reach,
    cancel: () => {
      for (const one of [flows, ...reach.values()]) one.cancel();
    },
  };
}

function openReach(pod: ProbePod, seconds: number): WaitingCall {
  return openAhead(pod.call, reachScript(), [String(seconds)]);
}

/** Makes tries in a probe pod. */
export function reachScript(): Script {
  return composed('tries', 'reach');
}
