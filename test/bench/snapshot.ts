import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openAcquisition } from '../../src/evidence/reader.ts';
import { run } from '../cluster/run.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from '../e2e/support/workload.ts';
import { nodeNames } from '../e2e/support/world.ts';
import { imageOf } from '../support/offer.ts';
import { type Figure, median } from './figure.ts';
import { benchLogs } from './logs.ts';
import { measuredSnapshot, type MeasuredSnapshot } from './measured-snapshot.ts';

const namespace = 'bench-snapshot';
const runs = 3;
/** Pods with five containers of four processes each: 50 containers, 200 processes. */
const pods = 10;

/** Triage of a busy node, snapshot of one of its pods, and large logs beside `kubectl exec -- cat` of the same bytes. */
export async function benchSnapshot(dir: string): Promise<Figure[]> {
  const [node = ''] = await nodeNames();
  await createNamespace(namespace);
  try {
    const names = Array.from({ length: pods }, (_, index) => `busy-${index}`);
    await apply(
      namespace,
      names.map((name) => busyPod(name, node)),
    );
    await untilReady(namespace, names);
    const triage: MeasuredSnapshot[] = [];
    const one: MeasuredSnapshot[] = [];
    for (let i = 0; i < runs; i += 1) {
      triage.push(await measuredSnapshot(['node', node, '--case', join(dir, `node-${i}`)]));
      one.push(await measuredSnapshot(['pod', 'busy-0', '-n', namespace, '--case', join(dir, `pod-${i}`)]));
    }
    const packed = Math.max(...(await Promise.all(triage.map(packedBytes))));
    const figures: Figure[] = [
      { what: 'triage of a node, 200 processes in 50 containers more', ours: seconds(triage) },
      { what: 'bytes of that, compressed', ours: `${(packed / 1e6).toFixed(1)} MB` },
      { what: 'snapshot of a pod with five containers', ours: seconds(one) },
      {
        what: 'peak memory of the client',
        ours: `${Math.round(Math.max(...[...triage, ...one].map(({ rss }) => rss)) / 1e6)} MB`,
      },
    ];
    return [...figures, ...(await benchLogs(namespace, dir, node))];
  } finally {
    await removeNamespaces(namespace);
  }
}

function busyPod(name: string, node: string): object {
  const command = ['sh', '-c', 'for i in 1 2 3; do sleep 100000 & done; exec sleep 100000'];
  const image = imageOf('toolbox');
  const containers = Array.from({ length: 5 }, (_, index) => ({ name: `c${index}`, image, command }));
  return pod(name, { image, node, spec: { containers } });
}

/** Bytes of the tar of an acquisition, compressed. */
async function packedBytes({ acquisition }: MeasuredSnapshot): Promise<number> {
  const reader = await openAcquisition(acquisition);
  const tar = join(acquisition, reader.info.tar.name);
  await run('sh', ['-c', 'gzip -1 -c "$1" >"$1.gz"', 'sh', tar]);
  return (await stat(`${tar}.gz`)).size;
}

function seconds(measured: readonly MeasuredSnapshot[]): string {
  return `${median(measured.map((one) => one.seconds)).toFixed(1)}s`;
}
