/** A process as people read it, with its start in UTC, as pids are given out anew: `pid 10 started 11-25 20:38:20.00`. */
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
  if (started !== undefined) return `pid ${pid} started ${shortly(started)}`;
  return startTicks === undefined ? `pid ${pid}` : `pid ${pid} started at tick ${startTicks}`;
}

/** Without the year, and no more exact than a tick: from wherever it was read, one start looks the same. */
function shortly(time: string): string {
  const [, day, clock] = /^\d{4}-(\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d{1,2})?)\d*Z$/.exec(time) ?? [];
  return day === undefined || clock === undefined ? time : `${day} ${clock}`;
}
