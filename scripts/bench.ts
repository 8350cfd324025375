import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIo, writeLine } from '../src/output/io.ts';
import { renderTable } from '../src/output/table.ts';
import { benchDiff } from '../test/bench/diff.ts';
import { benchExec } from '../test/bench/exec.ts';
import type { Figure } from '../test/bench/figure.ts';
import { benchIsolate } from '../test/bench/isolate.ts';
import { clusterEnvironment, endCluster, givenCluster, startCluster } from './cluster-env.ts';
import { interruptSignal, runJob, script } from './job.ts';

/**
 * `npm run bench`: the figures that the project promises, as a table, each beside the public tool that does the same where
 * there is one. Medians of five runs, of three where a run takes seconds; whole processes, both in turn.
 */
process.exitCode = 1;
const io = processIo();
const signal = interruptSignal();
const dir = await mkdtemp(join(tmpdir(), 'kubectl-ir-bench-'));
const figures: Figure[] = [];
try {
  await runJob({ ...script('scripts/build.ts'), live: true, signal });
  if (!givenCluster) figures.push(...(await clusterFigures()));
  Object.assign(process.env, clusterEnvironment());
  figures.push(...(await benchIsolate(dir)), ...(await benchDiff(dir)), ...(await benchExec()));
  process.exitCode = 0;
} finally {
  if (!givenCluster) await endCluster();
  await rm(dir, { recursive: true, force: true });
}
const rows = figures.map(({ what, ours, theirs, tool, ratio }) => [
  what,
  ours,
  tool ?? '-',
  theirs ?? '-',
  ratio ?? '-',
]);
await writeLine(io.stdout, renderTable(['FIGURE', 'OURS', 'PUBLIC TOOL', 'THEIRS', 'RATIO'], rows));

/** A start from nothing but the caches, and the stop before it when a cluster was up. */
async function clusterFigures(): Promise<Figure[]> {
  await endCluster();
  const up = io.monotonic();
  if (!(await startCluster(signal))) throw new Error('the test cluster did not start');
  const ready = io.monotonic();
  return [{ what: 'test cluster up, warm', ours: `${((ready - up) / 1000).toFixed(1)}s` }];
}
