import { join } from 'node:path';
import type { Isolation } from '../../src/containment/isolation.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from '../e2e/support/workload.ts';
import { kubectlIr } from '../e2e/support/world.ts';
import { imageOf } from '../support/offer.ts';
import { stepSeconds } from '../support/step-seconds.ts';
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
    const starts: number[] = [];
    const verdicts: number[] = [];
    const onNode: number[] = [];
    for (let i = 0; i < runs; i += 1) {
      const flags = ['-n', namespace, '--yes', '--collector-image', imageOf('collector-full')];
      const place = ['--case', join(dir, `isolate-${i}`)];
      const { stdout, stderr, code } = await kubectlIr(['isolate', 'shop', ...flags, ...place, '-o', 'json']);
      if (code !== 0) throw new Error(`isolate: exit code ${code}: ${stderr}`);
      const { clock, actions } = JSON.parse(stdout) as Isolation;
      cuts.push(clock.cut ?? Infinity);
      starts.push(stepSeconds(stderr, 'collector') + stepSeconds(stderr, 'probes'));
      verdicts.push(clock.verdict);
      onNode.push(actions.find(({ kind }) => kind === 'cut')?.nodeSeconds ?? Infinity);
      const released = await kubectlIr(['release', 'shop', ...flags]);
      if (released.code !== 0) throw new Error(`release: exit code ${released.code}: ${released.stderr}`);
    }
    const standing = median(cuts.map((cut, run) => cut - (starts[run] ?? 0)));
    return [
      { what: 'isolate: command to cut', ours: `${median(cuts).toFixed(2)}s` },
      {
        what: 'isolate: the same with collector and probe pods there already',
        ours: `${standing.toFixed(2)}s`,
      },
      { what: 'isolate: the cut itself, on the node', ours: `${(median(onNode) * 1000).toFixed(0)}ms` },
      { what: 'isolate: command to verdict', ours: `${median(verdicts).toFixed(2)}s` },
    ];
  } finally {
    await removeNamespaces(namespace);
  }
}
