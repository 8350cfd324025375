import { delimiter, join } from 'node:path';
import { layoutOf } from '../test/cluster/layout.ts';
import type { Policy } from '../test/cluster/policy.ts';
import { ownClusterVariable } from '../test/support/offer.ts';
import { processIo } from '../src/output/io.ts';
import { type Job, root, runJob, script } from './job.ts';
import { runTests, sayResult } from './checks.ts';
import { lendCluster } from './lend-cluster.ts';
import { nothing, one, plus, type Tally } from './tally.ts';

const minute = 60_000;
const io = processIo();

/** A cluster given by the user, which is then neither started nor ended. */
export const givenCluster = (io.env['KUBECONFIG'] ?? '') !== '';

/**
 * Environment in which `kubectl ir` is the executable that was built: its directory comes first on PATH, and the test cluster's
 * kubectl last, for machines that have none. Whether it is the test cluster stands in it too.
 */
export function clusterEnvironment(): NonNullable<Job['env']> {
  const layout = layoutOf(io.env);
  const path = [join(root, 'dist'), io.env['PATH'] ?? '', ...(givenCluster ? [] : [layout.bin])];
  return {
    PATH: path.join(delimiter),
    KUBECONFIG: givenCluster ? io.env['KUBECONFIG'] : layout.kubeconfig,
    [ownClusterVariable]: givenCluster ? 'no' : 'yes',
  };
}

/** Starts the test cluster, by default one that enforces policies; what it says is shown. True when it is up. */
export function startCluster(signal: AbortSignal, policy: Policy = 'enforce'): Promise<boolean> {
  const job = script('test/cluster/main.ts', 'up', '--policy', policy);
  return phase('cluster up', { ...job, limitMs: 30 * minute, signal });
}

/** Ends the test cluster; an interrupt does not reach this. */
export function endCluster(): Promise<boolean> {
  return phase('cluster down', { ...script('test/cluster/main.ts', 'down'), limitMs: 5 * minute });
}

/** Runs tests on a cluster: the given one, else the test cluster, which is started before and ended after them. */
export async function withCluster(
  signal: AbortSignal,
  run: () => Promise<Tally>,
  policy?: Policy,
): Promise<Tally> {
  if (givenCluster) return run();
  const lender = { start: () => startCluster(signal, policy), end: endCluster };
  const { result = one(false), ended } = await lendCluster(lender, run);
  return plus(result, ended ? nothing : one(false));
}

/** Runs end-to-end tests on the cluster that is up. What a given cluster can't do is skipped; on our own a skip is a failure. */
export function runEndToEnd(
  name: string,
  files: readonly string[],
  options: { readonly limitMs: number; readonly env?: Job['env']; readonly signal: AbortSignal },
): Promise<Tally> {
  const env = { ...clusterEnvironment(), ...options.env };
  return runTests(name, files, { ...options, env, live: true, testMs: 2 * minute, pending: givenCluster });
}

/** Runs one job with its output shown and says how it ended. */
export async function phase(name: string, job: Job): Promise<boolean> {
  const result = await runJob({ live: true, ...job });
  await sayResult(name, result.code === 0, result.ms);
  return result.code === 0;
}
