import type { Subject } from './finding.ts';
import type { NodeTraces, TracedProcess } from './traces.ts';

/** What names one process for ever: a pid alone is given out anew. */
export type ProcessIdentity = Pick<Subject, 'pid' | 'startTicks' | 'started'>;

/** Of clocks in whole seconds, in milliseconds. */
const tolerance = 1000;

export function identityOf({
  pid,
  stat,
  started,
}: Pick<TracedProcess, 'pid'> & Partial<Pick<TracedProcess, 'stat' | 'started'>>): ProcessIdentity {
  return {
    pid,
    ...(stat === undefined ? {} : { startTicks: stat.startTicks }),
    ...(started === undefined ? {} : { started }),
  };
}

/** True when two may be the same process of a node: by pid and start, as far as both starts are known. */
export function isSameProcess(one: ProcessIdentity, other: ProcessIdentity): boolean {
  if (one.pid === undefined || one.pid !== other.pid) return false;
  if (one.startTicks !== undefined && other.startTicks !== undefined)
    return one.startTicks === other.startTicks;
  const apart = Math.abs(Date.parse(one.started ?? '') - Date.parse(other.started ?? ''));
  return Number.isNaN(apart) || apart <= tolerance;
}

/** The process that had a pid when an acquisition was made. */
export function processIn(
  { processes }: NodeTraces,
  pid: number | undefined,
  acquisition: string,
): TracedProcess | undefined {
  return processes.find((process) => process.pid === pid && process.looks.has(acquisition));
}
