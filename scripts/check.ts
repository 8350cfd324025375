import { installCheckPackages, runChecks, sourceChecks, testChecks } from './checks.ts';
import { interruptSignal, say } from './job.ts';
import { tallyLine } from './tally.ts';

/** `npm run check`: the inner loop. Format, lint, types, house rules, shell scripts and unit tests, three of them at a time. */
process.exitCode = 1;
const signal = interruptSignal();
if (await installCheckPackages()) {
  const tally = await runChecks([...testChecks('unit'), ...sourceChecks({ cached: true })], 3, signal);
  await say(tallyLine(tally));
  process.exitCode = signal.aborted ? 130 : tally.failed === 0 ? 0 : 1;
}
