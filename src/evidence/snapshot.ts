import type { Api } from '../cluster/api.ts';
import type { Collector } from '../collector/collector.ts';
import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import type { Acquisition } from './acquisition.ts';
import type { ClockSkew } from './acquisition-record.ts';
import { measureClock } from './clock.ts';
import { collectNodeObjects } from './node-objects.ts';
import { NodeView, type NodeCounts } from './node-view.ts';
import { TimeLimit } from './time-limit.ts';

/** Parts of a node's evidence, in the order of volatility (RFC 3227, section 2.1). */
export const nodePhases = [
  'envelope',
  'sockets',
  'processes',
  'executables',
  'programs',
  'kernel',
  'sessions',
  'cluster',
  'config',
  'logs',
] as const;

export type NodePhase = (typeof nodePhases)[number];

/** What is lost first; a few seconds in all. */
export const volatilePhases = [
  'envelope',
  'sockets',
  'processes',
  'executables',
] as const satisfies readonly NodePhase[];

/** What can wait until the pod is contained. */
export const remainingPhases = [
  'executables',
  'programs',
  'kernel',
  'sessions',
  'cluster',
  'config',
  'logs',
] as const satisfies readonly NodePhase[];

export interface SnapshotOptions {
  /** Name of the node as the API server has it. */
  readonly node: string;
  readonly collector: Collector;
  /** Begun with `sensitive: mayHoldCredentials`; the caller finishes it. */
  readonly acquisition: Acquisition;
  readonly phases: readonly NodePhase[];
  /**
   * Whose deleted programs are kept: those of one pod only (before it is contained), or of all but it (afterwards).
   * Default all. `uid` as in the cgroup path: metadata.uid, for a static pod its annotation `kubernetes.io/config.hash`.
   */
  readonly executables?: { readonly only: string } | { readonly except: string };
  /** After so many milliseconds the phase in progress is cut and the others are left out. */
  readonly limitMs?: number;
  /** Told at the end of each phase. */
  readonly onPhase?: (phase: PhaseSummary) => Promise<void>;
  readonly signal: AbortSignal;
}

export interface PhaseSummary {
  readonly phase: NodePhase;
  readonly milliseconds: number;
  readonly complete: boolean;
}

/** What one call collected. Counts are of the phases of this call only. */
export interface SnapshotSummary extends NodeCounts {
  readonly phases: readonly PhaseSummary[];
  /** Measured before the first phase; `clockAfter` behind the last one. Missing when the node could not be asked. */
  readonly clock?: ClockSkew;
  readonly clockAfter?: ClockSkew;
  /** Why the snapshot is not complete, a sentence each; empty when it is. */
  readonly incomplete: readonly string[];
}

/**
 * Collects phases of a node's evidence into an acquisition. A phase that breaks off is told in `incomplete` and the next
 * one is tried: what can still be had is had. Throws what is no matter of one phase: an abort, a full disk, a bug.
 */
export async function snapshotNode(api: Api, io: Io, options: SnapshotOptions): Promise<SnapshotSummary> {
  const { node, collector, acquisition } = options;
  const limit = new TimeLimit(io, options.limitMs, options.signal);
  const view = new NodeView(acquisition);
  const phases: PhaseSummary[] = [];
  const failures: string[] = [];
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      limit.signal.throwIfAborted();
      return await work();
    } catch (error) {
      limit.throwIfInterrupted();
      if (view.failure !== undefined) throw view.failure;
      if (!(error instanceof OperationError)) throw error;
      failures.push(`${what}: ${limit.reason ?? error.message}`);
      return undefined;
    }
  };
  const askClock = (): Promise<ClockSkew | undefined> =>
    attempt('clock', () => measureClock(io, collector, limit.signal));
  try {
    const clock = await askClock();
    for (const phase of options.phases) {
      const started = io.monotonic();
      const failed = failures.length;
      await attempt(phase, async () => {
        if (phase === 'cluster') await collectNodeObjects(api, acquisition, node, limit.signal);
        else await collector.collect(phase, argumentsOf(phase, options), view, limit.signal);
      });
      const complete = failures.length === failed;
      const summary = { phase, milliseconds: Math.round(io.monotonic() - started), complete };
      phases.push(summary);
      await options.onPhase?.(summary);
    }
    const clockAfter = await askClock();
    if (view.timeouts > 0) failures.push(`${view.timeouts} items were cut because nothing came for too long`);
    if (!view.complete) failures.push('counts: there are more processes or sockets than are counted here');
    return {
      ...view.counts(),
      phases,
      ...(clock === undefined ? {} : { clock }),
      ...(clockAfter === undefined ? {} : { clockAfter }),
      incomplete: failures,
    };
  } finally {
    limit.clear();
  }
}

/** One line for people, such as `41 processes, 128 sockets in 6 namespaces, 1 deleted executable kept`. */
export function snapshotText(summary: NodeCounts): string {
  const { processes, sockets, networkNamespaces, keptExecutables } = summary;
  const parts = [
    plural(processes, 'process', 'processes'),
    `${plural(sockets, 'socket', 'sockets')} in ${plural(networkNamespaces, 'namespace', 'namespaces')}`,
  ];
  if (keptExecutables > 0)
    parts.push(`${plural(keptExecutables, 'deleted executable', 'deleted executables')} kept`);
  return parts.join(', ');
}

function argumentsOf(phase: NodePhase, { executables }: SnapshotOptions): string[] {
  if (phase !== 'executables') return [];
  if (executables === undefined) return ['all'];
  return 'only' in executables ? ['only', executables.only] : ['except', executables.except];
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
