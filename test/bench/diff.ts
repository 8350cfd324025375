import { join } from 'node:path';
import type { Outcome } from '../cluster/run.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from '../e2e/support/workload.ts';
import { kubectl, kubectlIr, nodeNames, onNode } from '../e2e/support/world.ts';
import { imageOf } from '../support/offer.ts';
import { stepSeconds } from '../support/step-seconds.ts';
import { type Figure, median, secondsOf } from './figure.ts';

const namespace = 'bench-diff';
const runs = 3;
const changes = 200;

/** A container with 200 changed files: our diff, collector start included, against the runtime's own on the node. */
export async function benchDiff(dir: string): Promise<Figure[]> {
  await createNamespace(namespace);
  try {
    const [node = ''] = await nodeNames();
    await apply(namespace, [pod('shop', { image: imageOf('shop'), node })]);
    await untilReady(namespace);
    const plant = `mkdir -p /srv; for i in $(seq ${changes}); do echo $i >/srv/file-$i; done`;
    await kubectl(['exec', '-n', namespace, 'shop', '--', 'sh', '-c', plant]);
    const get = ['get', 'pod', 'shop', '-n', namespace, '-o'];
    const id = await kubectl([...get, 'jsonpath={.status.containerStatuses[0].containerID}']);
    const whole: number[] = [];
    const steps: number[] = [];
    const theirs: number[] = [];
    const flags = ['-n', namespace, '--collector-image', imageOf('collector-full'), '-o', 'json'];
    for (let i = 0; i < runs; i += 1) {
      const words = ['diff', 'pod', 'shop', ...flags, '--case', join(dir, `diff-${i}`)];
      let outcome: Outcome | undefined;
      whole.push(await secondsOf(async () => (outcome = await kubectlIr(words))));
      const { stdout, stderr } = outcome ?? { stdout: '', stderr: '' };
      const { containers } = JSON.parse(stdout) as { containers: { changes: { path: string }[] }[] };
      const found = containers[0]?.changes.filter(({ path }) => path.startsWith('/srv/file-')).length;
      if (found !== changes) throw new Error(`diff found ${found ?? 0} of ${changes} changes`);
      steps.push(stepSeconds(stderr, 'diff'));
      theirs.push(await runtimeSeconds(node, id.replace('containerd://', '')));
    }
    return [
      figure(`diff of ${changes} changes, whole command`, median(whole), median(theirs)),
      figure('of that, the diff itself', median(steps), median(theirs)),
    ];
  } finally {
    await removeNamespaces(namespace);
  }
}

/** Seconds that the runtime's own comparison takes, as its node sees it. */
async function runtimeSeconds(node: string, container: string): Promise<number> {
  const command = `TIMEFORMAT=%R; time ctr -n k8s.io snapshots diff ${container} >/dev/null`;
  const { code, stderr } = await onNode(node, `bash -c '${command}'`);
  if (code !== 0) throw new Error(`ctr: exit code ${code}: ${stderr}`);
  return Number(stderr.trim().split('\n').at(-1));
}

function figure(what: string, ours: number, theirs: number): Figure {
  return {
    what,
    ours: `${ours.toFixed(2)}s`,
    tool: 'ctr snapshots diff, on the node',
    theirs: `${theirs.toFixed(2)}s`,
    ratio: (ours / theirs).toFixed(2),
  };
}
