import { type Right, whoAmI } from '../cluster/access.ts';
import type { Api } from '../cluster/api.ts';
import { connect } from '../cluster/connect.ts';
import { missingRights } from '../cluster/missing-rights.ts';
import type { Collector } from '../collector/collector.ts';
import { collectorImage } from '../collector/image.ts';
import { withCollector } from '../collector/lifecycle.ts';
import { type StartingPods, withProbePods } from '../collector/probe-pods.ts';
import type { AcquisitionRecord, ClockSkew } from '../evidence/acquisition-record.ts';
import type { AcquisitionStart } from '../evidence/acquisition-start.ts';
import type { Acquisition, AcquisitionSummary } from '../evidence/acquisition.ts';
import { type Case, openCase } from '../evidence/case.ts';
import type { SnapshotSummary } from '../evidence/snapshot.ts';
import type { CommandContext, FlagValues } from './command.ts';
import type { collectorFlags } from './flags.ts';
import { rightsError } from './grant-advice.ts';
import { type ClusterCommand, rightsOf } from './rights.ts';
import type { Places } from './rights/right.ts';

/** Lends the way to the cluster that the global flags name, and closes it. */
export async function withApi<T>(context: CommandContext, use: (api: Api) => Promise<T>): Promise<T> {
  const api = await connect(context.io, context.global);
  try {
    return await use(api);
  } finally {
    await api.close();
  }
}

/** Throws OperationError that names every one of `rights` that the user lacks, before anything is begun. */
export async function requireRights(
  api: Api,
  { signal }: CommandContext,
  command: ClusterCommand,
  places: Places,
  rights: readonly Right[] = rightsOf(command, places),
): Promise<void> {
  const missing = await missingRights(api, rights, signal);
  if (missing.length === 0) return;
  const { username } = await whoAmI(api, signal);
  throw rightsError({ command, places, username }, missing);
}

/** Opens a case, or makes one, in the name of the user that the API server knows, and gives its lock back. */
export async function withCase<T>(
  api: Api,
  { io, signal }: CommandContext,
  options: { readonly dir: string | undefined; readonly target: string; readonly create?: boolean },
  use: (opened: Case) => Promise<T>,
): Promise<T> {
  const { username } = await whoAmI(api, signal);
  const opened = await openCase(io, { ...options, identity: username });
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}

/** Lends a collector on a node, as the collector flags want it; `meanwhile` gets the result while it is removed. */
export function withCollectorOn<T>(
  api: Api,
  { io, signal }: CommandContext,
  flags: FlagValues<typeof collectorFlags>,
  about: { readonly node: string; readonly caseName?: string; readonly subject?: { readonly uid: string } },
  use: (collector: Collector) => Promise<T>,
  meanwhile?: (result: T) => Promise<void>,
): Promise<T> {
  const pullSecret = flags['collector-pull-secret'];
  const options = {
    ...about,
    namespace: flags['collector-namespace'],
    image: flags['collector-image'] ?? collectorImage,
    ...(pullSecret === undefined ? {} : { pullSecret }),
    signal,
  };
  return withCollector(api, io, options, use, meanwhile);
}

/** What a pod is isolated with: a collector on its node and the probe pods around it. */
export interface CollectorAndProbes {
  readonly collector: Collector;
  readonly pods: StartingPods;
}

/** Lends probe pods around a pod, as the collector flags want them, and a collector on its node; all start at once. */
export function withCollectorAndProbes<T>(
  api: Api,
  context: CommandContext,
  flags: FlagValues<typeof collectorFlags>,
  about: { readonly subject: { readonly uid: string; readonly node: string }; readonly caseName: string },
  use: (lent: CollectorAndProbes) => Promise<T>,
): Promise<T> {
  const { subject, caseName } = about;
  const pullSecret = flags['collector-pull-secret'];
  const options = {
    namespace: flags['collector-namespace'],
    image: flags['collector-image'] ?? collectorImage,
    ...(pullSecret === undefined ? {} : { pullSecret }),
    subject,
    caseName,
    signal: context.signal,
  };
  return withProbePods(api, context.io, options, (pods) =>
    withCollectorOn(api, context, flags, { node: subject.node, caseName, subject }, (collector) =>
      use({ collector, pods }),
    ),
  );
}

/** What a collection came to: its result, and why it is not whole, if it is not. */
export interface Collected<T> {
  readonly result: T;
  readonly incomplete: readonly string[];
  readonly clock?: ClockSkew;
  readonly clockAfter?: ClockSkew;
  readonly footprint?: Readonly<Record<string, unknown>>;
}

/** A node's snapshot as what a collection came to. */
export function collectedOf(taken: SnapshotSummary): Collected<SnapshotSummary> {
  const { clock, clockAfter, incomplete } = taken;
  return {
    result: taken,
    incomplete,
    ...(clock === undefined ? {} : { clock }),
    ...(clockAfter === undefined ? {} : { clockAfter }),
  };
}

/**
 * Runs one collection into an acquisition of its own, which is finished whatever happens: what came is kept. Without a
 * collector it is only what the API server has.
 */
export async function acquire<T>(
  opened: Case,
  start: AcquisitionStart,
  collector: Collector | undefined,
  collect: (acquisition: Acquisition) => Promise<Collected<T>>,
): Promise<{ readonly result: T; readonly summary: AcquisitionSummary }> {
  const acquisition = await opened.startAcquisition(start);
  const identity = async (): Promise<Pick<AcquisitionRecord, 'collector'>> =>
    collector === undefined ? {} : { collector: (await collector.identified?.()) ?? collector.identity };
  let collected: Collected<T>;
  try {
    collected = await collect(acquisition);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await acquisition.finish({ ...(await identity()), outcome: 'partial', reason });
    throw error;
  }
  const { result, incomplete, clock, clockAfter, footprint } = collected;
  const summary = await acquisition.finish({
    ...(await identity()),
    ...(clock === undefined ? {} : { clock }),
    ...(clockAfter === undefined ? {} : { clockAfter }),
    ...(footprint === undefined ? {} : { footprint }),
    ...(incomplete.length === 0
      ? { outcome: 'complete' as const }
      : { outcome: 'partial' as const, reason: incomplete.join('; ') }),
  });
  return { result, summary };
}
