/** A process as people read it, with its start, as pids are given out anew: `pid 10 started 2026-11-25T20:38:20.00Z`. */
export function processText({
  pid,
  startTicks,
  started,
}: {
  readonly pid?: number;
  /** Clock ticks after boot. */
  readonly startTicks?: number;
  /** RFC 3339 in UTC. */
  readonly started?: string;
}): string {
  if (pid === undefined) return '';
  if (started !== undefined) return `pid ${pid} started ${started}`;
  return startTicks === undefined ? `pid ${pid}` : `pid ${pid} started at tick ${startTicks}`;
}
