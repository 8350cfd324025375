import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { OperationError } from '../src/output/errors.ts';
import { processIo, writeLine } from '../src/output/io.ts';
import { type Attack, plantAttack, removeAttack } from '../test/attack/plant.ts';
import { kubectl } from '../test/e2e/support/world.ts';
import { image, imageOf, lacking } from '../test/support/offer.ts';
import { clusterEnvironment, endCluster, givenCluster, startCluster } from './cluster-env.ts';
import { interruptSignal, root, runJob } from './job.ts';
import { lendCluster } from './lend-cluster.ts';

/**
 * `npm run demo [-- --keep]`: builds the plugin, starts the test cluster (or takes $KUBECONFIG), attacks a pod, runs
 * the real `kubectl ir respond` on it as a responder would, and shows what came of it. Cleans up unless `--keep`.
 */
process.exitCode = 1;
const io = processIo();
const signal = interruptSignal();
const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
Object.assign(process.env, clusterEnvironment());
const missing = lacking([image('collector-full'), image('shop'), image('toolbox')]);
if (missing === undefined) process.exitCode = await demo();
else await writeLine(io.stderr, `error: the cluster of $KUBECONFIG lacks what the demo runs: ${missing}`);

async function demo(): Promise<number> {
  await title('Building the plugin');
  const built = await live(process.execPath, join(root, 'scripts/build.ts'));
  if (built !== 0) return built;
  let up = givenCluster;
  const start = async (): Promise<boolean> => {
    if (!givenCluster) await title('Starting the test cluster');
    up ||= await startCluster(signal);
    return up;
  };
  const end = async (): Promise<boolean> => {
    if (up && values.keep)
      await title(`Kept. KUBECONFIG=${io.env['KUBECONFIG'] ?? ''}; npm run cluster -- down`);
    else await cleanUp();
    return true;
  };
  const { result = signal.aborted ? 130 : 1 } = await lendCluster({ start, end }, attack);
  return result;
}

async function attack(): Promise<number> {
  await title('Attacking a pod of the shop');
  try {
    return await respond(await plantAttack(kubectl));
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    await writeLine(io.stderr, `error: ${error.message}`);
    return 1;
  }
}

async function respond({ namespace, pod }: Attack): Promise<number> {
  const dir = join(await mkdtemp(join(tmpdir(), 'kubectl-ir-demo-')), 'case');
  const flags = ['--yes', '--collector-image', imageOf('collector-full')];
  const code = await ir('respond', `pod/${pod}`, '-n', namespace, '--case', dir, ...flags);
  await title('The Service, healed by a replacement; the isolated pod is kept for the examiner');
  await writeLine(io.stdout, (await kubectl(['get', 'pods', '-n', namespace, '-o', 'wide'])).trimEnd());
  const verified = await ir('verify', dir);
  const released = await ir('release', pod, '-n', namespace, ...flags);
  const file = join(dirname(dir), 'report.html');
  const reported = await ir('report', dir, '--to', file);
  await title(`The case lies in ${dir}, its report in ${file}`);
  return code || verified || released || reported;
}

/** A command of ours as a responder types it, under its own words. */
async function ir(...words: readonly string[]): Promise<number> {
  await title(`kubectl ir ${words.join(' ')}`);
  return live('kubectl', 'ir', ...words);
}

async function cleanUp(): Promise<void> {
  await title('Cleaning up');
  if (givenCluster) await removeAttack(kubectl);
  else await endCluster();
}

/** Runs a program with its output shown; its exit code, 130 at once after an interrupt. */
async function live(program: string, ...args: readonly string[]): Promise<number> {
  if (signal.aborted) return 130;
  return (await runJob({ program, args, live: true, signal })).code;
}

function title(text: string): Promise<void> {
  return writeLine(io.stdout, `\n== ${text}`);
}
