import { join } from 'node:path';
import { fullImage, kubectl, kubectlIr, onNode } from '../e2e/support/world.ts';
import { type Figure, median, secondsOf } from './figure.ts';

const namespace = 'bench-diff';
const runs = 3;
const changes = 200;

/** A container with 200 changed files: our diff, collector start included, against the runtime's own on the node. */
export async function benchDiff(dir: string): Promise<Figure[]> {
  await kubectl(['create', 'namespace', namespace]);
  try {
    await kubectl(['apply', '-n', namespace, '-f', '-'], JSON.stringify(pod));
    await kubectl(['wait', 'pod/shop', '-n', namespace, '--for=condition=Ready', '--timeout=60s']);
    const plant = `for i in $(seq ${changes}); do echo $i >/srv/file-$i; done`;
    await kubectl(['exec', '-n', namespace, 'shop', '--', 'sh', '-c', plant]);
    const get = ['get', 'pod', 'shop', '-n', namespace, '-o'];
    const node = await kubectl([...get, 'jsonpath={.spec.nodeName}']);
    const id = await kubectl([...get, 'jsonpath={.status.containerStatuses[0].containerID}']);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let i = 0; i < runs; i += 1) {
      const place = ['--case', join(dir, `diff-${i}`)];
      const flags = ['-n', namespace, '--collector-image', fullImage, '-o', 'json', ...place];
      let found = 0;
      ours.push(
        await secondsOf(async () => {
          const { stdout } = await kubectlIr(['diff', 'pod', 'shop', ...flags]);
          const { containers } = JSON.parse(stdout) as { containers: { changes: { path: string }[] }[] };
          found = (containers[0]?.changes ?? []).filter(({ path }) => path.startsWith('/srv/file-')).length;
        }),
      );
      if (found !== changes) throw new Error(`diff found ${found} of ${changes} changes`);
      const command = `ctr -n k8s.io snapshots diff ${id.replace('containerd://', '')} >/dev/null`;
      theirs.push(
        await secondsOf(async () => {
          const { code, stderr } = await onNode(node, command);
          if (code !== 0) throw new Error(`ctr: exit code ${code}: ${stderr}`);
        }),
      );
    }
    return [
      {
        what: `diff of ${changes} changes, whole command`,
        ours: `${median(ours).toFixed(2)}s`,
        tool: 'ctr snapshots diff, on the node',
        theirs: `${median(theirs).toFixed(2)}s`,
        ratio: (median(ours) / median(theirs)).toFixed(2),
      },
    ];
  } finally {
    await kubectl(['delete', 'namespace', namespace, '--wait=false']);
  }
}

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'shop' },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'web', image: 'lab.local/shop:1' }] },
};
