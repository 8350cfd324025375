import { join } from 'node:path';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from '../e2e/support/workload.ts';
import { kubectlIr } from '../e2e/support/world.ts';
import { imageOf } from '../support/offer.ts';
import { type Figure, median } from './figure.ts';

const namespace = 'bench-isolate';
const runs = 3;

/** Time from the command to the cut and to the verdict, collector start included. No public tool does this. */
export async function benchIsolate(dir: string): Promise<Figure[]> {
  await createNamespace(namespace);
  try {
    await apply(namespace, [pod('shop', { image: imageOf('shop'), labels: { app: 'shop' } })]);
    await untilReady(namespace);
    const cuts: number[] = [];
    const verdicts: number[] = [];
    for (let i = 0; i < runs; i += 1) {
      const flags = ['-n', namespace, '--yes', '--collector-image', imageOf('collector-full')];
      const place = ['--case', join(dir, `isolate-${i}`)];
      const { stdout, stderr, code } = await kubectlIr(['isolate', 'shop', ...flags, ...place, '-o', 'json']);
      if (code !== 0) throw new Error(`isolate: exit code ${code}: ${stderr}`);
      const { clock } = JSON.parse(stdout) as { clock: { cut: number; verdict: number } };
      cuts.push(clock.cut);
      verdicts.push(clock.verdict);
      const released = await kubectlIr(['release', 'shop', ...flags]);
      if (released.code !== 0) throw new Error(`release: exit code ${released.code}: ${released.stderr}`);
    }
    return [
      { what: 'isolate: command to cut', ours: `${median(cuts).toFixed(2)}s` },
      { what: 'isolate: command to verdict', ours: `${median(verdicts).toFixed(2)}s` },
    ];
  } finally {
    await removeNamespaces(namespace);
  }
}
