import { allChecks, installCheckPackages, runChecks, runTests } from './checks.ts';
import { givenCluster, phase, runEndToEnd, withCluster } from './cluster-env.ts';
import { endCapture, readCapture, startCapture } from '../test/cluster/capture.ts';
import { interruptSignal, say, script } from './job.ts';
import { nothing, one, plus, type Tally, tallyLine } from './tally.ts';

/**
 * `npm test`: everything. Checks, unit tests, build, the test cluster itself, and the end-to-end tests on it, or on the
 * cluster of $KUBECONFIG. Its last line is `N passed, N failed, N skipped`; exit code 1 when anything failed. Interrupted,
 * it takes the cluster down before it ends.
 */
process.exitCode = 1;
const minute = 60_000;
/** The inner loop tries a property less often. */
const propertyRuns = 1000;
const signal = interruptSignal();
let total = nothing;
for (const part of [checks, build, clusterTests, endToEnd]) {
  if (!signal.aborted) total = plus(total, await part());
}
if (signal.aborted) await say('interrupted');
await say(tallyLine(total));
process.exitCode = signal.aborted ? 130 : total.failed === 0 ? 0 : 1;

async function checks(): Promise<Tally> {
  if (!(await installCheckPackages())) return one(false);
  return runChecks(allChecks({ cached: false, runs: propertyRuns }), signal);
}

async function build(): Promise<Tally> {
  return one(await phase('build', { ...script('scripts/build.ts'), limitMs: 10 * minute, signal }));
}

/** The test cluster itself: that it comes up, keeps its packets in, and leaves nothing behind. */
async function clusterTests(): Promise<Tally> {
  if (givenCluster) {
    await say('skipped cluster tests: $KUBECONFIG names a cluster to use');
    return { ...nothing, skipped: 1 };
  }
  const options = { live: true, limitMs: 40 * minute, testMs: 30 * minute, signal };
  return runTests(
    'cluster tests',
    ['test/cluster/{cluster,furniture,network-world,policy}.test.ts'],
    options,
  );
}

async function endToEnd(): Promise<Tally> {
  const options = { limitMs: 45 * minute, signal };
  const run = (): Promise<Tally> => runEndToEnd('end to end', ['test/e2e/*.test.ts'], options);
  if (givenCluster) return run();
  await startCapture();
  try {
    const enforced = await withCluster(signal, run);
    const open = signal.aborted ? nothing : await withCluster(signal, withoutPolicies, 'none');
    return plus(plus(enforced, open), await nothingCaptured());
  } finally {
    await endCapture();
  }
}

/** Isolation where nothing enforces policies: the cut alone must hold, and the verdict must say so. */
function withoutPolicies(): Promise<Tally> {
  const env = { KUBECTL_IR_TEST_PROOFS: '1' };
  const options = { limitMs: 15 * minute, env, signal };
  return runEndToEnd('no policies', ['test/e2e/isolation-proof.test.ts'], options);
}

/** Fails when a packet of the cluster was on one of the machine's real interfaces. */
async function nothingCaptured(): Promise<Tally> {
  const { packets, flows } = await readCapture();
  await say(
    `${packets === 0 ? 'ok    ' : 'FAILED'}  packets of the cluster on the machine's real interfaces: ${packets}`,
  );
  for (const flow of flows) await say(flow);
  return one(packets === 0);
}
