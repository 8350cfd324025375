import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { expand } from './files.ts';
import { runTests } from './checks.ts';
import { runEndToEnd, withCluster } from './cluster-env.ts';
import { interruptSignal } from './job.ts';
import { lanesOf, type Stage } from './lanes.ts';
import { nothing, plus, type Tally } from './tally.ts';

/** `lane.ts NAME --counts FILE`: the stages of one lane of `npm test`; its counts go to FILE as JSON. */
process.exitCode = 1;
const minute = 60_000;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { counts: { type: 'string', default: '' } },
});
const lane = lanesOf(await expand(['test/e2e/*.test.ts'])).find(({ name }) => name === positionals[0]);
if (lane === undefined) throw new Error(`there is no lane "${positionals[0] ?? ''}"`);
const signal = interruptSignal();
let tally = nothing;
for (const stage of lane.stages) if (!signal.aborted) tally = plus(tally, await run(stage));
await writeFile(values.counts, JSON.stringify({ ...tally, reasons: {} }));
process.exitCode = tally.failed === 0 ? 0 : 1;

function run({ policy, tests }: Stage): Promise<Tally> {
  const files = tests.map((name) => `test/${name}.test.ts`);
  const options = { limitMs: 45 * minute, signal };
  if (policy === undefined)
    return runTests('cluster tests', files, { ...options, live: true, testMs: 30 * minute });
  const name = `end to end, ${policy === 'none' ? 'no policies' : 'policies'}`;
  return withCluster(signal, () => runEndToEnd(name, files, options), policy);
}
