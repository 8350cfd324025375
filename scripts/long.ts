import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { longEnvironment } from '../test/support/amounts.ts';
import { figureRow, figuresVariable } from '../test/support/figures.ts';
import { phase, runEndToEnd, withCluster } from './cluster-env.ts';
import { interruptSignal, say, script, show } from './job.ts';
import { machineLine } from './machine.ts';
import { one, plus, type Tally, tallyLine } from './tally.ts';

/**
 * `npm run long [-- FILE…]`: the end-to-end tests that repeat or move much, with far more of it than `npm test` has time
 * for (`test/support/amounts.ts`). Ends with its figures as rows of docs/measurements.md, and the tally.
 */
process.exitCode = 1;
const hour = 3_600_000;
const { positionals } = parseArgs({ allowPositionals: true });
const files = [
  ...[
    'exec',
    'interrupt',
    'interrupt-case',
    'interrupt-course',
    'interrupt-many',
    'kill',
    'kill-case',
    'large-case',
    'storage',
    'isolation-proof',
    'snapshot-large',
    'snapshot-resume',
  ].map((name) => `test/e2e/${name}.test.ts`),
  ...['read-plan', 'rota-model'].map((name) => `test/incident/plan/${name}.test.ts`),
  ...['large-image', 'many-entries', 'random-changes', 'walk-container'].map(
    (name) => `test/filesystem/${name}.test.ts`,
  ),
];
const signal = interruptSignal();
const directory = await mkdtemp(join(tmpdir(), 'kubectl-ir-long-'));
const figures = join(directory, 'figures.md');
const before = machineLine();
let tally = one(await phase('build', { ...script('scripts/build.ts'), signal }));
if (tally.failed === 0) {
  const env = { ...longEnvironment(), [figuresVariable]: figures };
  const options = { limitMs: 12 * hour, env, signal };
  const run = (): Promise<Tally> =>
    runEndToEnd('long tests', positionals.length > 0 ? positionals : files, options);
  tally = plus(tally, await withCluster(signal, run));
  await say(`\n${before} before\n\n${figureRow('figure', 'measured', 'beside it')}\n| --- | --- | --- |`);
  await show(await readFile(figures, 'utf8').catch(() => ''));
}
await say(`\n${tallyLine(tally)}`);
process.exitCode = signal.aborted ? 130 : tally.failed === 0 ? 0 : 1;
await rm(directory, { recursive: true });
