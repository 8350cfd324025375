import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { processIo, writeLine } from '../src/output/io.ts';
import { type Attack, type Kubectl, plantAttack, removeAttack } from '../test/attack/plant.ts';
import { run } from '../test/cluster/run.ts';

/**
 * `npm run demo [-- --keep]`: builds the plugin, starts the test cluster (or takes $KUBECONFIG), attacks a pod, runs
 * the real `kubectl ir respond` on it as a responder would, and shows what came of it. Cleans up unless `--keep`.
 */
const io = processIo();
const root = resolve(import.meta.dirname, '..');
const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
process.exitCode = 1;
process.exitCode = await demo();

async function demo(): Promise<number> {
  await say('Building the plugin');
  await script('scripts/build.ts');
  const ownCluster = !io.env['KUBECONFIG'];
  const kubeconfig = io.env['KUBECONFIG'] ?? (await startCluster());
  const env = {
    ...io.env,
    KUBECONFIG: kubeconfig,
    PATH: `${join(root, 'dist')}${delimiter}${io.env['PATH'] ?? ''}`,
  };
  const kubectl: Kubectl = (args, input) =>
    run('kubectl', args, { env, ...(input === undefined ? {} : { input }) });
  let attack: Attack | undefined;
  try {
    await say('Attacking a pod of the shop');
    attack = await plantAttack(kubectl);
    return await respond(attack, kubectl, env);
  } finally {
    if (values.keep) await say(`Kept. KUBECONFIG=${kubeconfig}; npm run cluster -- down`);
    else await cleanUp(kubectl, attack, ownCluster);
  }
}

async function respond(attack: Attack, kubectl: Kubectl, env: NodeJS.ProcessEnv): Promise<number> {
  const dir = join(await mkdtemp(join(tmpdir(), 'kubectl-ir-demo-')), 'case');
  const image = io.env['KUBECTL_IR_COLLECTOR_IMAGE'] ?? 'lab.local/collector-full:1';
  const words = ['ir', 'respond', `pod/${attack.pod}`, '-n', attack.namespace, '--yes', '--case', dir];
  await say(`kubectl ${words.join(' ')}`);
  const code = await live('kubectl', [...words, '--collector-image', image], env);
  await say('The Service, healed by a replacement; the isolated pod is kept for the examiner');
  await writeLine(
    io.stdout,
    (await kubectl(['get', 'pods', '-n', attack.namespace, '-o', 'wide'])).trimEnd(),
  );
  await say(`kubectl ir verify ${dir}`);
  const verified = await live('kubectl', ['ir', 'verify', dir], env);
  await say(`kubectl ir release ${attack.pod} -n ${attack.namespace}`);
  const released = await live(
    'kubectl',
    ['ir', 'release', attack.pod, '-n', attack.namespace, '--yes', '--collector-image', image],
    env,
  );
  await say(`The case lies in ${dir}`);
  return code || verified || released;
}

async function startCluster(): Promise<string> {
  await say('Starting the test cluster');
  await script('test/cluster/main.ts', 'up');
  return (await run(process.execPath, [join(root, 'test/cluster/main.ts'), 'kubeconfig'])).trim();
}

async function cleanUp(kubectl: Kubectl, attack: Attack | undefined, ownCluster: boolean): Promise<void> {
  await say('Cleaning up');
  if (ownCluster) await script('test/cluster/main.ts', 'down');
  else if (attack !== undefined) await removeAttack(kubectl, attack);
}

async function script(path: string, ...args: string[]): Promise<void> {
  const code = await live(process.execPath, [join(root, path), ...args], io.env);
  if (code !== 0) throw new Error(`${path} ${args.join(' ')} ended with exit code ${code}`);
}

/** Runs a program on the terminal of this one. */
function live(program: string, args: readonly string[], env: Readonly<NodeJS.ProcessEnv>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 128));
  });
}

function say(text: string): Promise<void> {
  return writeLine(io.stdout, `\n== ${text}`);
}
