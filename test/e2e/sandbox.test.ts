import { expect } from 'chai';
import { image, imageOf, nodeShell } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from './support/workload.ts';
import { eventually, kubectl, kubectlIr, nodeNames, onNode } from './support/world.ts';

const namespace = 'e2e-sandbox';
const name = 'web';
const node = (await nodeNames())[0] ?? '';

describe('status of an isolated pod', function () {
  requires(this, image('collector-full'), nodeShell());
  this.timeout(180_000);
  const flags = ['--collector-image', imageOf('collector-full')];

  before(async () => {
    await createNamespace(namespace);
    const command = ['sh', '-c', 'while :; do sleep 1; done'];
    await apply(namespace, [pod(name, { image: imageOf('collector-full'), command, node })]);
    await untilReady(namespace);
    const { code, stderr } = await kubectlIr(['isolate', name, '-n', namespace, '--yes', ...flags]);
    expect(code, stderr).to.equal(0);
  });
  after(async () => {
    await kubectlIr(['release', name, '-n', namespace, '--yes', ...flags]);
    await removeNamespaces(namespace);
  });

  it('has its verdict while its sandbox lives, though its container is another', async () => {
    const first = await containerId();
    await kill(`grep -l ${first} /proc/[0-9]*/cgroup`);
    await untilAnotherRuns(first);
    const told = await status();
    expect(told).to.match(/isolated, HOLDS [0-9]+s ago/);
    expect(told).not.to.contain('drift');
  });

  it('has no verdict once its sandbox is a new one, on whose network no cut is', async () => {
    const [uid, container] = [await ofPod('{.metadata.uid}'), await containerId()];
    // What is of the pod and not of its container: the process that holds the sandbox.
    await kill(
      `grep -lE '${uid}|${uid.replaceAll('-', '_')}' /proc/[0-9]*/cgroup | xargs grep -L ${container}`,
    );
    await untilAnotherRuns(container);
    const told = await status();
    expect(told).to.contain('isolated, no verdict since containers ended, drifted');
    expect(told).to.contain('no cut is on the network of that');
  });

  async function status(): Promise<string> {
    const { stdout, stderr } = await kubectlIr(['status']);
    return stdout + stderr;
  }
});

function ofPod(path: string): Promise<string> {
  return kubectl(['get', 'pod', name, '-n', namespace, '-o', `jsonpath=${path}`]);
}

/** Id of the running container; empty when none runs. Both by one answer: the next container has an id before it runs. */
async function containerId(): Promise<string> {
  const web = '.status.containerStatuses[0]';
  const [started = '', id = ''] = (
    await ofPod(`{${web}.state.running.startedAt} {${web}.containerID}`)
  ).split(' ');
  return started === '' ? '' : id.replace(/^.*\//, '');
}

/** The kubelet backs off for 10 s after the second end, and is up to 15 s late to look again. */
async function untilAnotherRuns(before: string): Promise<void> {
  const runs = async (): Promise<boolean> => !['', before].includes(await containerId());
  await eventually('another container runs', runs, 60);
}

/** Ends the processes of the node of which a shell line lists /proc/PID/cgroup. One may have ended by itself, or with another. */
async function kill(list: string): Promise<void> {
  const { code, stderr } = await onNode(
    node,
    `files=$(${list}); [ -n "$files" ] || exit 1
    for file in $files; do
      pid=\${file#/proc/} pid=\${pid%/cgroup}
      kill -9 "$pid" || [ ! -e "/proc/$pid" ] || exit 1
    done`,
  );
  expect(code, stderr).to.equal(0);
}
