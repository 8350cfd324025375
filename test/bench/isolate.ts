import { join } from 'node:path';
import { fullImage, kubectl, kubectlIr } from '../e2e/support/world.ts';
import { type Figure, median } from './figure.ts';

const namespace = 'bench-isolate';
const runs = 3;

/** Time from the command to the cut and to the verdict, collector start included. No public tool does this. */
export async function benchIsolate(dir: string): Promise<Figure[]> {
  await kubectl(['create', 'namespace', namespace]);
  try {
    await kubectl(['apply', '-n', namespace, '-f', '-'], JSON.stringify(pods));
    await kubectl(['wait', 'pods', '--all', '-n', namespace, '--for=condition=Ready', '--timeout=60s']);
    const cuts: number[] = [];
    const verdicts: number[] = [];
    for (let i = 0; i < runs; i += 1) {
      const flags = ['-n', namespace, '--yes', '--collector-image', fullImage];
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
    await kubectl(['delete', 'namespace', namespace, '--wait=false']);
  }
}

const pods = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'shop', labels: { app: 'shop' } },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'web', image: 'lab.local/shop:1' }] },
};
