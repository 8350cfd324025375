import { parseArgs } from 'node:util';
import { runTests } from './checks.ts';
import { clusterEnvironment, givenCluster, phase, startCluster } from './cluster-env.ts';
import { interruptSignal, say, script } from './job.ts';
import { tallyLine } from './tally.ts';

/**
 * `npm run test:e2e [-- FILE…]`: the end-to-end tests with the built executable, on the cluster of $KUBECONFIG, else on
 * the test cluster, which is started when it is not up and stays up.
 */
process.exitCode = 1;
const minute = 60_000;
const { positionals } = parseArgs({ allowPositionals: true });
const signal = interruptSignal();
const ready =
  (await phase('build', { ...script('scripts/build.ts'), signal })) &&
  (givenCluster || (await startCluster(signal)));
if (ready) {
  const tally = await runTests('end to end', positionals.length > 0 ? positionals : ['test/e2e/*.test.ts'], {
    live: true,
    limitMs: 45 * minute,
    testMs: 2 * minute,
    pending: givenCluster,
    env: clusterEnvironment(),
    signal,
  });
  await say(tallyLine(tally));
  process.exitCode = tally.failed === 0 ? 0 : 1;
}
