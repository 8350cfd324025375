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
