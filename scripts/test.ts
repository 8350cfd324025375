import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installCheckPackages, runChecks, runTests, sayResult, sourceChecks, testChecks } from './checks.ts';
import { givenCluster, phase, runEndToEnd } from './cluster-env.ts';
import { expand } from './files.ts';
import { interruptSignal, root, runJob, say, script, show } from './job.ts';
import { type Lane, lanesOf } from './lanes.ts';
import { nothing, one, parseCounts, plus, type Tally, tallyLine, tallyOf } from './tally.ts';
import { endCapture, readCapture, startCapture } from '../test/cluster/capture.ts';
import { layoutOf } from '../test/cluster/layout.ts';
import { raiseInotifyLimit, readSysctls, restoreSysctls } from '../test/cluster/machine.ts';
import { processIo } from '../src/output/io.ts';

/**
 * `npm test`: everything. First the test cluster's own start and end, which no other may run beside; then unit and integration tests;
 * then lanes of tests beside each other, each with a test cluster of its own, or the end-to-end tests on the cluster of $KUBECONFIG.
 * What is not tested by a clock, the checks that read the sources, runs behind all of that. Its last line is `N passed, N failed, N skipped`; exit code 1 when
 * anything failed. Interrupted, it takes the clusters down before it ends.
 */
process.exitCode = 1;
const minute = 60_000;
/** The inner loop tries a property less often. */
const propertyRuns = 1000;
/** More are not faster on two processors, and their tests slower than what they promise: three take as long, at twice the load. */
const lanesAtOnce = 2;
const signal = interruptSignal();
let total: Tally;
if (await installCheckPackages()) {
  total = await build();
  const provided = await clusterProvisions();
  // Not before: what they take from the compilers would make everything later.
  const behind = runChecks(sourceChecks({ cached: false }), 1, signal);
  for (const part of [() => alone(provided), withoutCluster, together])
    if (!signal.aborted) total = plus(total, await part());
  total = plus(total, await behind);
} else total = one(false);
if (signal.aborted) await say('interrupted');
await say(tallyLine(total));
process.exitCode = signal.aborted ? 130 : total.failed === 0 ? 0 : 1;

async function build(): Promise<Tally> {
  return one(await phase('build', { ...script('scripts/build.ts'), limitMs: 10 * minute, signal }));
}

/** What the test cluster takes from the network, and its programs; true when they are there or not needed. */
function clusterProvisions(): Promise<boolean> {
  return givenCluster ? Promise.resolve(true) : provisions('cluster');
}

async function alone(provided: boolean): Promise<Tally> {
  if (givenCluster) {
    await say('skipped cluster tests: $KUBECONFIG names a cluster to use');
    return { ...nothing, skipped: 1 };
  }
  if (!provided) return one(false);
  const [tested, rest] = await Promise.all([clusterTests(), provisions('tests')]);
  return rest ? tested : plus(tested, one(false));
}

/** What comes from the network; that of the tests comes behind the tests of the cluster. */
function provisions(of: 'cluster' | 'tests'): Promise<boolean> {
  const job = { ...script('scripts/provisions.ts', of), background: of === 'tests' };
  return phase(`provisions of ${of}`, { ...job, limitMs: 30 * minute, signal });
}

/** The test cluster itself: that it comes up, keeps its packets in, and leaves nothing behind on the machine. */
function clusterTests(): Promise<Tally> {
  const options = { live: true, limitMs: 40 * minute, testMs: 30 * minute, signal };
  return runTests('cluster tests', ['test/cluster/{cluster,network-world}.test.ts'], options);
}

function withoutCluster(): Promise<Tally> {
  return runChecks(
    [...testChecks('unit', propertyRuns), ...testChecks('integration', propertyRuns)],
    2,
    signal,
  );
}

async function together(): Promise<Tally> {
  const files = await expand(['test/e2e/*.test.ts']);
  if (givenCluster) return runEndToEnd('end to end', files, { limitMs: 45 * minute, signal });
  // For the whole machine, and each cluster puts back what it found.
  const settings = await readSysctls();
  await raiseInotifyLimit();
  await startCapture();
  try {
    const lanes = lanesOf(files).map((lane) => () => runLane(lane));
    return plus(await runChecks(lanes, lanesAtOnce, signal), await nothingCaptured());
  } finally {
    await endCapture();
    await restoreSysctls(settings);
  }
}

/** One lane, whose output comes when it has ended. */
async function runLane({ name, boxed }: Lane): Promise<Tally> {
  const directory = await mkdtemp(join(tmpdir(), 'kubectl-ir-lane-'));
  const counts = join(directory, 'counts.json');
  const { program, args } = script('scripts/lane.ts', name, '--counts', counts);
  const { directory: state } = layoutOf(processIo().env);
  const job = boxed
    ? {
        program: 'sh',
        args: [join(root, 'test/cluster/lane.sh'), name, program, ...args],
        env: { KUBECTL_IR_CLUSTER_DIR: `${state}-${name}` },
      }
    : { program, args };
  const result = await runJob({ ...job, limitMs: 60 * minute, signal });
  const tally = tallyOf(result.code, parseCounts(await readFile(counts, 'utf8').catch(() => '')));
  await rm(directory, { recursive: true });
  await show(result.output);
  await sayResult(`lane ${name}`, tally.failed === 0, result.ms);
  return tally;
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
