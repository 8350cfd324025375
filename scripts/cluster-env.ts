import { delimiter, join } from 'node:path';
import { layoutOf } from '../test/cluster/layout.ts';
import { processIo } from '../src/output/io.ts';
import { type Job, root, runJob, script } from './job.ts';
import { sayResult } from './checks.ts';

const minute = 60_000;
const io = processIo();

/** A cluster given by the user, which is then neither started nor ended. */
export const givenCluster = (io.env['KUBECONFIG'] ?? '') !== '';

/**
 * Environment in which `kubectl ir` is the executable that was built: its directory comes first on PATH, and the test cluster's
 * kubectl last, for machines that have none.
 */
export function clusterEnvironment(): NonNullable<Job['env']> {
  const layout = layoutOf(io.env);
  const path = [join(root, 'dist'), io.env['PATH'] ?? '', ...(givenCluster ? [] : [layout.bin])];
  return {
    PATH: path.join(delimiter),
    KUBECONFIG: givenCluster ? io.env['KUBECONFIG'] : layout.kubeconfig,
  };
}

/** Starts the test cluster; what it says is shown. True when it is up. */
export function startCluster(signal: AbortSignal): Promise<boolean> {
  return phase('cluster up', { ...script('test/cluster/main.ts', 'up'), limitMs: 30 * minute, signal });
}

/** Ends the test cluster; an interrupt does not reach this. */
export function endCluster(): Promise<boolean> {
  return phase('cluster down', { ...script('test/cluster/main.ts', 'down'), limitMs: 5 * minute });
}

/** Runs one job with its output shown and says how it ended. */
export async function phase(name: string, job: Job): Promise<boolean> {
  const result = await runJob({ live: true, ...job });
  await sayResult(name, result.code === 0, result.ms);
  return result.code === 0;
}
