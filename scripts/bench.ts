import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeLine, processIo } from '../src/output/io.ts';
import { renderTable } from '../src/output/table.ts';
import { benchBag } from '../test/bench/bag.ts';
import { benchArchive } from '../test/bench/archive.ts';
import { benchDiff } from '../test/bench/diff.ts';
import { benchLargeDiff } from '../test/bench/diff-large.ts';
import { benchExec } from '../test/bench/exec.ts';
import { type Figure, secondsOf } from '../test/bench/figure.ts';
import { benchFindings } from '../test/bench/findings.ts';
import { benchIsolate } from '../test/bench/isolate.ts';
import { benchParsing } from '../test/bench/parsing.ts';
import { benchSnapshot } from '../test/bench/snapshot.ts';
import { benchTimeline } from '../test/bench/timeline.ts';
import { benchIsolateMany } from '../test/bench/isolate-many.ts';
import { image, lacking, nodeShell, type Requirement } from '../test/support/offer.ts';
import { clusterEnvironment, endCluster, givenCluster, phase, startCluster } from './cluster-env.ts';
import { interruptSignal, root, say, script } from './job.ts';
import { lendCluster } from './lend-cluster.ts';
import { machineLine } from './machine.ts';

/**
 * `npm run bench [-- PART…]`: the figures that the project promises, as a table, each beside the public tool that does the same where
 * there is one. Medians of five runs, of three where a run takes seconds; whole processes, both in turn. On a cluster of
 * $KUBECONFIG it leaves out, and says so, what that cannot do. PART is a word of `parts`, such as `exec`; no cluster is started
 * for parts that need none.
 */
process.exitCode = 1;
const { positionals: wanted } = parseArgs({ allowPositionals: true });
const io = processIo();
const signal = interruptSignal();
const before = machineLine();
const program = [join(root, 'dist/kubectl-ir')];
// What parts need is looked up in it.
Object.assign(process.env, clusterEnvironment());

interface Part {
  readonly name: string;
  /** What it needs of a cluster; missing where it needs none. */
  readonly needs?: readonly Requirement[];
  readonly measure: (dir: string) => Promise<Figure[]>;
}

const parts: readonly Part[] = [
  { name: 'bag', measure: (dir) => benchBag(join(dir, 'bag')) },
  { name: 'archive', measure: (dir) => benchArchive(join(dir, 'archive')) },
  { name: 'parsing', measure: benchParsing },
  { name: 'findings', measure: (dir) => benchFindings(dir, program) },
  { name: 'timeline', measure: (dir) => benchTimeline(dir, program) },
  { name: 'isolate', needs: [image('collector-full'), image('shop')], measure: benchIsolate },
  { name: 'isolate-many', needs: [image('collector-full'), image('shop')], measure: benchIsolateMany },
  { name: 'diff', needs: [image('collector-full'), image('shop'), nodeShell()], measure: benchDiff },
  { name: 'diff-large', needs: [image('collector-full'), nodeShell()], measure: benchLargeDiff },
  { name: 'snapshot', needs: [image('collector'), image('toolbox'), nodeShell()], measure: benchSnapshot },
  { name: 'exec', needs: [image('toolbox')], measure: benchExec },
];
const chosen = parts.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
if (await phase('build', { ...script('scripts/build.ts'), signal })) {
  const alone = givenCluster || chosen.every(({ needs }) => needs === undefined);
  const figures = alone ? await partFigures() : await allFigures();
  const rows = figures.map(({ what, ours, theirs, tool, ratio }) => [
    what,
    ours,
    tool ?? '-',
    theirs ?? '-',
    ratio ?? '-',
  ]);
  await say(`\n${before} before`);
  await writeLine(io.stdout, renderTable(['FIGURE', 'OURS', 'PUBLIC TOOL', 'THEIRS', 'RATIO'], rows));
  process.exitCode = 0;
}

/** A start of the test cluster from nothing but the caches, what is measured on it, and its end. */
async function allFigures(): Promise<Figure[]> {
  await endCluster();
  const rows: Figure[] = [];
  const timed = async (what: string, work: () => Promise<boolean>): Promise<boolean> => {
    let worked = false;
    const seconds = await secondsOf(async () => void (worked = await work()));
    rows.push({ what: `test cluster ${what}`, ours: `${seconds.toFixed(1)}s` });
    return worked;
  };
  const { result, ended } = await lendCluster(
    { start: () => timed('up, warm', () => startCluster(signal)), end: () => timed('down', endCluster) },
    partFigures,
  );
  if (result === undefined || !ended)
    throw new Error(`the test cluster did not ${result === undefined ? 'start' : 'end'}`);
  return [...rows, ...result];
}

async function partFigures(): Promise<Figure[]> {
  const dir = await mkdtemp(join(tmpdir(), 'kubectl-ir-bench-'));
  const figures: Figure[] = [];
  try {
    for (const { name, needs = [], measure } of chosen) {
      const missing = lacking(needs);
      if (missing === undefined) figures.push(...(await measure(dir)));
      else await say(`left out ${name}: needs ${missing}`);
      signal.throwIfAborted();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
  return figures;
}
