import { parseClock } from '../artifacts/boot.ts';
import type { Collector } from '../collector/collector.ts';
import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import type { ClockSkew } from './acquisition-record.ts';

/**
 * Asks the node for its time over one round trip. The node's clock is taken to have been read in the middle of it.
 * Throws OperationError when the node answers something else than a time.
 */
export async function measureClock(io: Io, collector: Collector, signal: AbortSignal): Promise<ClockSkew> {
  const started = io.now().getTime();
  const before = io.monotonic();
  const { stdout } = await collector.call('clock', [], { limit: 100, signal });
  const roundTripMs = io.monotonic() - before;
  const node = parseClock(stdout);
  if (node === undefined) throw new OperationError('the node gave no time that can be read');
  const responder = started + roundTripMs / 2;
  return {
    node: timeText(io, node),
    responder: timeText(io, responder),
    skewMs: Math.round(node - responder),
    roundTripMs: Math.round(roundTripMs),
  };
}

function timeText(io: Io, milliseconds: number): string {
  const time = io.now();
  time.setTime(milliseconds);
  return time.toISOString();
}

/** The kernel makes a clock go faster or slower by at most 500 millionths (adjtimex(2)); what is more was a step. */
const slewing = 0.0005;

/**
 * What is said when the two clocks moved against each other between two measurements, by more than these are exact to and than
 * a clock that is being corrected drifts; undefined when they did not. `elapsedMs` lies between the end of the first and the
 * beginning of the second, by a clock that nobody sets: it tells whose was set.
 */
export function clockStep(before: ClockSkew, after: ClockSkew, elapsedMs: number): string | undefined {
  const halves = (before.roundTripMs + after.roundTripMs) / 2;
  const exactTo = halves + slewing * elapsedMs;
  const moved = after.skewMs - before.skewMs;
  if (Math.abs(moved) <= exactTo) return undefined;
  const ours = Date.parse(after.responder) - Date.parse(before.responder) - elapsedMs - halves;
  const between = `${before.skewMs} ms ahead before and ${after.skewMs} ms after`;
  if (Math.abs(ours) <= exactTo) return `the clock of the node was set meanwhile, by ${moved} ms: ${between}`;
  if (Math.abs(ours + moved) <= exactTo)
    return `the clock of this machine was set meanwhile, by ${Math.round(ours)} ms: the node's is ${between}`;
  return `both clocks were set meanwhile: the node's is ${between}`;
}
