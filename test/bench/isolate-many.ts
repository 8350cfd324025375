import { join } from 'node:path';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from '../e2e/support/workload.ts';
import { kubectlIr, nodeNames } from '../e2e/support/world.ts';
import { imageOf } from '../support/offer.ts';
import { type Figure, median, secondsOf } from './figure.ts';

const namespace = 'bench-many';
const runs = 3;
const names = Array.from({ length: 10 }, (_, number) => `shop-${number}`);

/** Whole commands that isolate ten pods of one node, and one of them; both in turn. The promise is a ratio below 3. */
export async function benchIsolateMany(dir: string): Promise<Figure[]> {
  const [node = ''] = await nodeNames();
  const flags = ['-n', namespace, '--yes', '--collector-image', imageOf('collector-full')];
  await createNamespace(namespace);
  try {
    const labels = { group: 'ten' };
    await apply(
      namespace,
      names.map((name) => pod(name, { image: imageOf('shop'), node, labels: { ...labels, app: name } })),
    );
    await untilReady(namespace);
    const seconds = { 'group=ten': [] as number[], 'app=shop-0': [] as number[] };
    for (let run = 0; run < runs; run += 1) {
      for (const [selector, all] of Object.entries(seconds)) {
        const place = ['--case', join(dir, `many-${selector}-${run}`)];
        all.push(await secondsOf(() => done(['isolate', '-l', selector, ...flags, ...place])));
        // Labels are put back, so that the next run has as much to do.
        await done(['release', '-l', selector, '--return', ...flags]);
      }
    }
    const [ten, one] = [median(seconds['group=ten']), median(seconds['app=shop-0'])];
    return [
      {
        what: 'isolate: ten pods on one node, whole command',
        ours: `${ten.toFixed(2)}s`,
        tool: 'one pod',
        theirs: `${one.toFixed(2)}s`,
        ratio: (ten / one).toFixed(2),
      },
    ];
  } finally {
    await removeNamespaces(namespace);
  }
}

async function done(words: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await kubectlIr(words);
  if (code !== 0) throw new Error(`${words[0] ?? ''}: exit code ${code}: ${stdout}${stderr}`);
}
