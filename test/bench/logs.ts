import { join } from 'node:path';
import { openAcquisition } from '../../src/evidence/reader.ts';
import { phaseMark } from '../../src/evidence/resume.ts';
import { run } from '../cluster/run.ts';
import { apply, pod, untilReady } from '../e2e/support/workload.ts';
import { kubectl, onNode } from '../e2e/support/world.ts';
import { imageOf } from '../support/offer.ts';
import { type CollectorCost, withCollectorCost } from './collector-cost.ts';
import { type Figure, median, secondsOf } from './figure.ts';
import { measuredSnapshot, type MeasuredSnapshot } from './measured-snapshot.ts';

const runs = 5;
const logBytes = 512 * 1024 ** 2;
const directory = '/var/log/bench';

/**
 * The logs part of a full profile, with one of 512 MiB among them, against `kubectl exec -- cat` of that one through a pod that
 * mounts the node's logs: into a file beside our case, as who keeps the bytes does it, and to nowhere. All in turn. Streaming is from
 * the first to the last byte of our logs, theirs the whole command, which has to start and to connect; whole commands are told too.
 */
export async function benchLogs(namespace: string, dir: string, node: string): Promise<Figure[]> {
  try {
    await onNode(node, `mkdir -p ${directory} && head -c ${logBytes} /dev/urandom >${directory}/large.log`);
    await startReader(namespace, node);
    return await measure(namespace, dir, node);
  } finally {
    await onNode(node, `rm -rf ${directory}`);
    await kubectl(['delete', 'pod', 'cat', '-n', namespace, '--ignore-not-found', '--wait=false']);
  }
}

async function startReader(namespace: string, node: string): Promise<void> {
  const image = imageOf('toolbox');
  const main = {
    name: 'main',
    image,
    command: ['sleep', '100000'],
    volumeMounts: [{ name: 'logs', mountPath: '/logs' }],
  };
  const volumes = [{ name: 'logs', hostPath: { path: directory } }];
  await apply(namespace, [pod('cat', { image, node, spec: { containers: [main], volumes } })]);
  await untilReady(namespace, ['cat']);
}

async function measure(namespace: string, dir: string, node: string): Promise<Figure[]> {
  const cat = (to: string): Promise<number> =>
    secondsOf(() =>
      run('sh', ['-c', `kubectl exec -n ${namespace} cat -- cat /logs/large.log >"$1"`, 'sh', to]),
    );
  const streamed: number[] = [];
  const whole: number[] = [];
  const kept: number[] = [];
  const dropped: number[] = [];
  const costs: CollectorCost[] = [];
  const memory: number[] = [];
  for (let i = 0; i < runs; i += 1) {
    const caseDir = join(dir, `logs-${i}`);
    const words = ['node', node, '--profile', 'logs', '--yes', '--case', caseDir];
    const { result: taken, cost } = await withCollectorCost(node, () => measuredSnapshot(words));
    costs.push(cost);
    memory.push(taken.rss);
    whole.push(taken.seconds);
    streamed.push(await bytesPerSecond(taken));
    await run('rm', ['-rf', caseDir]);
    kept.push(await cat(join(dir, 'cat')));
    await run('rm', [join(dir, 'cat')]);
    dropped.push(await cat('/dev/null'));
  }
  const ours = median(streamed) / 1e6;
  const row = (to: string, seconds: readonly number[]): Partial<Figure> => {
    const theirs = logBytes / 1e6 / median(seconds);
    const ratio = (ours / theirs).toFixed(2);
    return { tool: `kubectl exec -- cat >${to}`, theirs: `${theirs.toFixed(0)} MB/s`, ratio };
  };
  const most = (of: keyof CollectorCost): number => Math.max(...costs.map((cost) => cost[of]));
  const speed = `${ours.toFixed(0)} MB/s`;
  return [
    { what: 'logs of the full profile, with one of 512 MiB, streamed', ours: speed, ...row('FILE', kept) },
    { what: 'the same', ours: speed, ...row('/dev/null', dropped) },
    {
      what: 'the whole command',
      ours: `${median(whole).toFixed(1)}s`,
      tool: 'kubectl exec -- cat >FILE',
      theirs: `${median(kept).toFixed(1)}s`,
      ratio: (median(kept) / median(whole)).toFixed(2),
    },
    { what: 'peak memory of the client of these', ours: mb(Math.max(...memory)) },
    { what: 'peak memory of the collector, spool included', ours: mb(most('ownBytes')) },
    { what: 'the same with cached pages', ours: mb(most('cachedBytes')) },
    {
      what: 'processors of the collector, in all; most within a second',
      ours: `${most('cpuSeconds').toFixed(1)}s; ${most('mostCpus').toFixed(2)}`,
    },
  ];
}

/** Bytes of logs by the time between the beginning of the first of them and the mark that the part is whole. */
async function bytesPerSecond({ acquisition }: MeasuredSnapshot): Promise<number> {
  const { items } = await openAcquisition(acquisition);
  const logs = items.filter(({ artifact }) => artifact === 'log' || artifact === 'podlog');
  const [first] = logs;
  const mark = items.find(({ name }) => name === phaseMark('logs'));
  const largest = Math.max(...logs.map(({ size }) => size));
  if (first === undefined || mark === undefined || largest !== logBytes)
    throw new Error(`${acquisition} has not the log of ${logBytes} bytes`);
  const bytes = logs.reduce((sum, { size }) => sum + size, 0);
  return (bytes / (Date.parse(mark.collected) - Date.parse(first.collected))) * 1000;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
