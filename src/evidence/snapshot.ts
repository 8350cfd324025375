import type { Api } from '../cluster/api.ts';
import type { Pod } from '../cluster/objects.ts';
import type { Collector } from '../collector/collector.ts';
import { bounded } from '../output/bounded.ts';
import { formatCount } from '../output/count.ts';
import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { formatSize } from '../output/size.ts';
import type { Acquisition } from './acquisition.ts';
import type { ClockSkew } from './acquisition-record.ts';
import { clockStep, measureClock } from './clock.ts';
import { collectKubeletView } from './kubelet-view.ts';
import { collectAccess, collectNodeObjects, collectPodsBefore } from './node-objects.ts';
import { NodeView, type NodeCounts } from './node-view.ts';
import { canBeLarge, type Choice, type Phase, scriptArguments, type Subject, triage } from './phases.ts';
import { collectPodObjects } from './pod-objects.ts';
import { phaseMark } from './resume.ts';
import { TimeLimit } from './time-limit.ts';

export interface SnapshotOptions {
  /** Name of the node as the API server has it. */
  readonly node: string;
  /** Missing where none could be started: then there is only what is asked of the API server. */
  readonly collector?: Collector;
  /** Begun with `sensitive: mayHoldCredentials`; the caller finishes it. */
  readonly acquisition: Acquisition;
  readonly phases: readonly Phase[];
  /** Default `triage`. */
  readonly choice?: Choice;
  /** The one pod that it is about; default the whole node. */
  readonly subject?: Subject & { readonly pod: Pod };
  /** Without `subject`, whose deleted programs are kept: those of one pod only (before it is contained), or of all but it. */
  readonly executables?: { readonly only: string } | { readonly except: string };
  /** Asked before a phase is taken of which more than 1 GiB would come; default yes. */
  readonly allow?: (phase: Phase, bytes: number) => Promise<boolean>;
  /** After so many milliseconds the phase in progress is cut and the others are left out. */
  readonly limitMs?: number;
  /** Told at the end of each phase. */
  readonly onPhase?: (phase: PhaseSummary) => Promise<void>;
  readonly signal: AbortSignal;
}

/** A phase that would bring more bytes than this is asked about. */
const largeBytes = 1024 ** 3;

export interface PhaseSummary {
  readonly phase: Phase;
  readonly milliseconds: number;
  readonly complete: boolean;
}

/** What one call collected. Counts are of the phases of this call only. */
export interface SnapshotSummary extends NodeCounts {
  readonly phases: readonly PhaseSummary[];
  /** Measured before the first phase; `clockAfter` behind the last one. Missing when the node could not be asked. */
  readonly clock?: ClockSkew;
  readonly clockAfter?: ClockSkew;
  /** That a clock was set between the two, a sentence: all is there, but no one number corrects its times. */
  readonly clockStep?: string;
  /** Why the snapshot is not complete, a sentence each; empty when it is. */
  readonly incomplete: readonly string[];
}

/**
 * Collects phases of a node's evidence, or of one pod's, into an acquisition. A phase that breaks off is told in
 * `incomplete` and the next one is tried: what can still be had is had. One that is whole leaves a mark, by which a later
 * run knows it. Throws what is no matter of one phase: an abort, a full disk, a bug.
 */
export async function takeSnapshot(api: Api, io: Io, options: SnapshotOptions): Promise<SnapshotSummary> {
  const { collector, acquisition } = options;
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
  const askClock = async (): Promise<ClockSkew | undefined> =>
    collector === undefined ? undefined : attempt('clock', () => measureClock(io, collector, limit.signal));
  const takePhase = async (from: Collector, phase: Phase): Promise<void> => {
    await askFirst(from, phase, options, limit.signal);
    // What came since the first look at the processes is taken with the second.
    const input =
      phase === 'programs'
        ? Buffer.from(
            view
              .pids()
              .map((pid) => `${pid}\n`)
              .join(''),
          )
        : undefined;
    await from.collect(phase, argumentsOf(phase, options), view, limit.signal, input);
  };
  const work = async (phase: Phase): Promise<void> => {
    if (phase === 'cluster') return collectCluster(api, io, options, limit.signal);
    if (collector === undefined) return;
    const parts = [() => takePhase(collector, phase)];
    if (phase === 'envelope' && options.subject === undefined)
      parts.push(() => collectPodsBefore(api, io, acquisition, options.node, limit.signal));
    await bounded(parts, parts.length, (part) => part());
  };
  try {
    const clock = await askClock();
    const began = io.monotonic();
    for (const phase of options.phases) {
      if (collector === undefined && phase !== 'cluster') continue;
      const started = io.monotonic();
      const failed = failures.length;
      await attempt(phase, () => work(phase));
      const complete = failures.length === failed;
      const summary = { phase, milliseconds: Math.round(io.monotonic() - started), complete };
      if (complete) await markPhase(acquisition, summary);
      phases.push(summary);
      await options.onPhase?.(summary);
    }
    const elapsedMs = io.monotonic() - began;
    const clockAfter = await askClock();
    const step = clock && clockAfter && clockStep(clock, clockAfter, elapsedMs);
    if (view.timeouts > 0)
      failures.push(
        `${formatCount(view.timeouts, 'item was', 'items were')} cut because nothing came for too long`,
      );
    if (!view.complete) failures.push('counts: there are more processes or sockets than are counted here');
    return {
      ...view.counts(),
      phases,
      ...(clock === undefined ? {} : { clock }),
      ...(clockAfter === undefined ? {} : { clockAfter }),
      ...(step === undefined ? {} : { clockStep: step }),
      incomplete: failures,
    };
  } finally {
    limit.clear();
  }
}

/**
 * One line for people, such as `41 processes, 128 sockets in 6 namespaces, 1 deleted executable kept`. What was not looked
 * at is not counted as none; empty when nothing that is counted was.
 */
export function snapshotText(summary: NodeCounts & Pick<SnapshotSummary, 'phases'>): string {
  const { processes, sockets, networkNamespaces, keptExecutables } = summary;
  const looked = (at: Phase): boolean => summary.phases.some(({ phase }) => phase === at);
  const parts: string[] = [];
  if (looked('processes')) parts.push(formatCount(processes, 'process', 'processes'));
  if (looked('sockets'))
    parts.push(`${formatCount(sockets, 'socket')} in ${formatCount(networkNamespaces, 'namespace')}`);
  if (keptExecutables > 0) parts.push(`${formatCount(keptExecutables, 'deleted executable')} kept`);
  return parts.join(', ');
}

/** Throws OperationError when a phase is too large to be taken without being asked for. */
async function askFirst(
  collector: Collector,
  phase: Phase,
  { choice = triage, subject, allow }: SnapshotOptions,
  signal: AbortSignal,
): Promise<void> {
  if (allow === undefined || !canBeLarge(phase, choice)) return;
  const { stdout } = await collector.call(phase, scriptArguments(phase, choice, subject, 'measure'), {
    limit: 100,
    signal,
  });
  const bytes = Number(stdout.toString('latin1'));
  if (!Number.isFinite(bytes)) throw new OperationError('the node gave no size that can be read');
  if (bytes <= largeBytes || (await allow(phase, bytes))) return;
  throw new OperationError(
    `left out: it would bring ${formatSize(bytes)}; take it with --yes, or less with --max-size or --since`,
  );
}

async function collectCluster(
  api: Api,
  io: Io,
  { acquisition, node, subject }: SnapshotOptions,
  signal: AbortSignal,
): Promise<void> {
  if (subject !== undefined) return collectPodObjects(api, io, acquisition, subject.pod, signal);
  await collectNodeObjects(api, acquisition, node, signal);
  await collectAccess(api, acquisition, node, signal);
  await collectKubeletView(api, io, acquisition, node, signal);
}

async function markPhase(acquisition: Acquisition, { phase, milliseconds }: PhaseSummary): Promise<void> {
  const text = `${JSON.stringify({ phase, milliseconds })}\n`;
  await acquisition.addFile(phaseMark(phase), Buffer.from(text), { artifact: 'phase', source: 'kubectl-ir' });
}

function argumentsOf(phase: Phase, { choice = triage, subject, executables }: SnapshotOptions): string[] {
  if (phase !== 'executables' || executables === undefined) return scriptArguments(phase, choice, subject);
  return 'only' in executables ? ['only', executables.only] : ['except', executables.except];
}
