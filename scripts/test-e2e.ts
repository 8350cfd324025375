import { parseArgs } from 'node:util';
import { givenCluster, phase, runEndToEnd, startCluster } from './cluster-env.ts';
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
  const files = positionals.length > 0 ? positionals : ['test/e2e/*.test.ts'];
  const tally = await runEndToEnd('end to end', files, { limitMs: 45 * minute, signal });
  await say(tallyLine(tally));
  process.exitCode = tally.failed === 0 ? 0 : 1;
}
