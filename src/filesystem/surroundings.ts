import type { Entry } from './entry.ts';

/** What is known of a container beside its layers. */
export interface Surroundings {
  /** Mount points other than `/` as the container's first process has them, one byte per character. */
  readonly mountPoints: ReadonlySet<string>;
  /** Start of the first process in nanoseconds since the epoch; undefined when it is not known. */
  readonly started: bigint | undefined;
}

/** Boot time has whole seconds, and the runtime works a moment before the process starts: what is older than this is the runtime's. */
const tolerance = 2_000_000_000n;

/**
 * True for what looks like a runtime's doing, as long as nothing else is in it: a mount point, or a directory on the way to one, not
 * changed since the container's start.
 */
export function couldBeOfRuntime(raw: string, entry: Entry, surroundings: Surroundings): boolean {
  const { mountPoints, started } = surroundings;
  if (started === undefined || entry.changed > started + tolerance) return false;
  if (entry.type === 'file') return entry.size === 0 && mountPoints.has(raw);
  return entry.type === 'directory' && (mountPoints.has(raw) || startsAny(mountPoints, `${raw}/`));
}

/** True for a path that a mount hides from the container's own processes. */
export function isShadowed(raw: string, surroundings: Surroundings): boolean {
  for (let end = raw.length; end > 0; end = raw.lastIndexOf('/', end - 1))
    if (surroundings.mountPoints.has(raw.slice(0, end))) return true;
  return false;
}

function startsAny(points: ReadonlySet<string>, prefix: string): boolean {
  for (const point of points) if (point.startsWith(prefix)) return true;
  return false;
}
