import { join } from 'node:path';
import { run } from '../cluster/run.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from '../e2e/support/workload.ts';
import { kubectl } from '../e2e/support/world.ts';
import { imageOf } from '../support/offer.ts';
import { type Figure, median, secondsOf } from './figure.ts';

const namespace = 'bench-exec';
const size = 1024 ** 3;
const runs = 5;

/** 1 GiB out of a container: our exec stream with its digest against `kubectl exec -- cat`, in turn. */
export async function benchExec(): Promise<Figure[]> {
  await createNamespace(namespace);
  try {
    const parts = { image: imageOf('toolbox'), command: ['sleep', '100000'], volume: '/data' };
    await apply(namespace, [pod('source', parts)]);
    await untilReady(namespace);
    const fill = `head -c ${size} /dev/urandom >/data/file; sha256sum /data/file`;
    const wanted = (await kubectl(['exec', '-n', namespace, 'source', '--', 'sh', '-c', fill])).slice(0, 64);
    const ours: number[] = [];
    const theirs: number[] = [];
    const memory: number[] = [];
    for (let i = 0; i < runs; i += 1) {
      const text = await run(process.execPath, [
        ...[
          join(import.meta.dirname, 'exec-cat.ts'),
          namespace,
          'source',
          'main',
          String(size),
          '/data/file',
        ],
      ]);
      const read = JSON.parse(text) as { bytes: number; sha256: string; seconds: number; rss: number };
      if (read.bytes !== size || read.sha256 !== wanted)
        throw new Error(`not the file that was there: ${text}`);
      ours.push(read.seconds);
      memory.push(read.rss);
      const cat = `kubectl exec -n ${namespace} source -- cat /data/file >/dev/null`;
      theirs.push(await secondsOf(() => run('sh', ['-c', cat])));
    }
    const speed = (seconds: number): number => size / 1e6 / seconds;
    return [
      {
        what: '1 GiB through exec, sha256 equal',
        ours: `${speed(median(ours)).toFixed(0)} MB/s`,
        tool: 'kubectl exec -- cat',
        theirs: `${speed(median(theirs)).toFixed(0)} MB/s`,
        ratio: (median(theirs) / median(ours)).toFixed(2),
      },
      { what: 'peak memory of that', ours: `${(Math.max(...memory) / 1e6).toFixed(0)} MB` },
    ];
  } finally {
    await removeNamespaces(namespace);
  }
}
