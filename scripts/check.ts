import { allChecks, installCheckPackages, runChecks, runUnitTests } from './checks.ts';
import { interruptSignal, say } from './job.ts';
import { plus, tallyLine } from './tally.ts';

/** `npm run check`: the inner loop. Format, lint, types, house rules, shell scripts and unit tests, on two cores. */
process.exitCode = 1;
const signal = interruptSignal();
if (await installCheckPackages()) {
  const [lint, unit] = await Promise.all([
    runChecks(allChecks(true), { atOnce: 1, signal }),
    runUnitTests(signal),
  ]);
  const tally = plus(lint, unit);
  await say(tallyLine(tally));
  process.exitCode = signal.aborted ? 130 : tally.failed === 0 ? 0 : 1;
}
