import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openAcquisition } from '../../src/evidence/reader.ts';
import { run } from '../cluster/run.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from '../e2e/support/workload.ts';
import { kubectl, nodeNames, onNode } from '../e2e/support/world.ts';
import { imageOf } from '../support/offer.ts';
import { type CollectorCost, withCollectorCost } from './collector-cost.ts';
import { type Figure, median } from './figure.ts';
import { measuredSnapshot, type MeasuredSnapshot } from './measured-snapshot.ts';

const namespace = 'bench-snapshot';
const runs = 3;
/** Pods with five containers of four processes each: 50 containers, 200 processes. */
const pods = 10;
const logBytes = 512 * 1024 ** 2;

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
    return [...figures, ...(await benchLogs(dir, node))];
  } finally {
    await onNode(node, 'rm -rf /var/log/bench');
    await removeNamespaces(namespace);
  }
}

function busyPod(name: string, node: string): object {
  const command = ['sh', '-c', 'for i in 1 2 3; do sleep 100000 & done; exec sleep 100000'];
  const image = imageOf('toolbox');
  const containers = Array.from({ length: 5 }, (_, index) => ({ name: `c${index}`, image, command }));
  return pod(name, { image, node, spec: { containers } });
}

/** The logs part of a full profile against a plain cat of the same file through a pod that mounts the node's logs. */
async function benchLogs(dir: string, node: string): Promise<Figure[]> {
  const volume = { name: 'logs', hostPath: { path: '/var/log/bench' } };
  await onNode(node, `mkdir -p /var/log/bench && head -c ${logBytes} /dev/urandom >/var/log/bench/large.log`);
  const image = imageOf('toolbox');
  const mounted = {
    name: 'main',
    image,
    command: ['sleep', '100000'],
    volumeMounts: [{ name: 'logs', mountPath: '/logs' }],
  };
  await apply(namespace, [pod('cat', { image, node, spec: { containers: [mounted], volumes: [volume] } })]);
  await untilReady(namespace, ['cat']);
  const ours: number[] = [];
  const theirs: number[] = [];
  const costs: CollectorCost[] = [];
  for (let i = 0; i < runs; i += 1) {
    const words = ['node', node, '--profile', 'logs', '--yes', '--case', join(dir, `logs-${i}`)];
    const { result: taken, cost } = await withCollectorCost(node, () => measuredSnapshot(words));
    costs.push(cost);
    ours.push(taken.bytes / 1e6 / taken.logsSeconds);
    const began = performance.now();
    await run('sh', ['-c', `kubectl exec -n ${namespace} cat -- cat /logs/large.log >/dev/null`]);
    theirs.push(logBytes / 1e6 / ((performance.now() - began) / 1000));
  }
  await kubectl(['delete', 'pod', 'cat', '-n', namespace, '--wait=false']);
  const most = (of: keyof CollectorCost): number => Math.max(...costs.map((cost) => cost[of]));
  return [
    {
      what: 'logs of the full profile, with one of 512 MiB',
      ours: `${median(ours).toFixed(0)} MB/s`,
      tool: 'kubectl exec -- cat',
      theirs: `${median(theirs).toFixed(0)} MB/s`,
      ratio: (median(ours) / median(theirs)).toFixed(2),
    },
    {
      what: 'peak memory of the collector, spool included',
      ours: `${(most('ownBytes') / 1e6).toFixed(0)} MB`,
    },
    { what: 'the same with cached pages', ours: `${(most('cachedBytes') / 1e6).toFixed(0)} MB` },
    {
      what: 'processors of the collector, in all; most within a second',
      ours: `${most('cpuSeconds').toFixed(1)}s; ${most('mostCpus').toFixed(2)}`,
    },
  ];
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
