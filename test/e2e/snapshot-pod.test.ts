import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openAcquisition } from '../../src/evidence/reader.ts';
import { image, imageOf, nodeShell } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { expectWhole } from './support/whole.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from './support/workload.ts';
import { eventually, kubectl, kubectlIr, nodeNames, onNode } from './support/world.ts';

const namespace = 'e2e-snapshot-pod';
/** Crashes once, with something to say, and then stays; keeps a secret in its memory and nowhere else. */
const crashing = `
seq 1 5000
[ -e /keep/crashed ] || { touch /keep/crashed; echo it crashes; exit 7; }
echo it stays
exec awk 'BEGIN { secret = "in memory " "only"; while (1) system("sleep 3600") }'`;

interface PodSnapshot {
  readonly pod: string;
  readonly acquisition: string;
  readonly outcome: string;
  readonly diff: { readonly containers: readonly object[] };
}

describe('kubectl ir snapshot pod', function () {
  requires(this, image('collector'), image('toolbox'), nodeShell());
  this.timeout(180_000);
  const nodes: string[] = [];
  let dir: string;

  before(async () => {
    nodes.push(...(await nodeNames()));
    dir = await mkdtemp(join(tmpdir(), 'e2e-snapshot-pod-'));
    await createNamespace(namespace);
    await apply(
      namespace,
      nodes.map((node) =>
        pod(`crashed-${node}`, {
          image: imageOf('toolbox'),
          command: ['sh', '-c', crashing],
          node,
          volume: '/keep',
          labels: { app: 'crashed' },
        }),
      ),
    );
    const policy = (name: string, podSelector: object): object => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name },
      spec: { podSelector, policyTypes: ['Ingress'] },
    });
    await apply(namespace, [
      policy('selects', { matchLabels: { app: 'crashed' } }),
      policy('selects-not', { matchLabels: { app: 'other' } }),
    ]);
    for (const node of nodes) {
      const again = async (): Promise<boolean> => {
        const path =
          '{.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].state.running.startedAt}';
        const text = await kubectl([
          'get',
          'pod',
          `crashed-${node}`,
          '-n',
          namespace,
          '-o',
          `jsonpath=${path}`,
        ]);
        return /^1 \d/.test(text);
      };
      await eventually('the pod crashed and runs again', again, 60);
    }
  });
  after(async () => {
    await removeNamespaces(namespace);
    await rm(dir, { recursive: true, force: true });
  });

  for (const [index, name] of ['the first node', 'the second node'].entries())
    it(`takes the logs of every instance, memory, figures and objects of a pod on ${name}`, async () => {
      const node = nodes[index] ?? nodes[0] ?? '';
      const uid = await kubectl([
        'get',
        'pod',
        `crashed-${node}`,
        '-n',
        namespace,
        '-o',
        'jsonpath={.metadata.uid}',
      ]);
      const logs = `/var/log/pods/${namespace}_crashed-${node}_${uid}`;
      await onNode(node, `cd ${logs}/main && gzip -c 0.log >0.log.20261125-041500.gz`);
      const flags = ['-n', namespace, '--memory', 'all', '--yes', '--collector-image', imageOf('collector')];
      const words = ['snapshot', 'pod', `crashed-${node}`, ...flags, '--case', join(dir, node), '-o', 'json'];
      const { code, stdout, stderr } = await kubectlIr(words);
      const sums = (await onNode(node, `cd ${logs} && find . -type f | xargs sha256sum`)).stdout;
      expect(code, stderr).to.equal(0);
      const snapshot = JSON.parse(stdout) as PodSnapshot;
      expect(snapshot.outcome).to.equal('complete');
      const reader = await openAcquisition(snapshot.acquisition);
      await expectWhole(reader);
      const digests = new Map(reader.items.map((item) => [item.name, item.sha256]));
      const lines = sums.trim().split('\n');
      expect(lines).to.have.length(3);
      for (const line of lines) {
        const [sum, path = ''] = line.split(/ {2}\.\//);
        expect(digests.get(`[root]${logs}/${path}`), path).to.equal(sum);
      }
      const names = [...digests.keys()];
      expect(
        names.filter((one) =>
          /io\.containerd\.runtime\.v2\.task\/k8s\.io\/[0-9a-f]{64}\/config\.json$/.test(one),
        ),
      ).to.have.length(2);
      expect(
        names.some((one) => /\/sys\/fs\/cgroup\/.*memory\.(?:current|usage_in_bytes)$/.test(one)),
      ).to.equal(true);
      const text = async (name: string): Promise<string> => {
        const item = reader.items.find((one) => one.name === `live_response/kubernetes/${name}.json`);
        return item === undefined ? '' : String(await reader.bytes(item, 2 ** 24));
      };
      expect(JSON.parse(await text('related'))).to.deep.include({ networkpolicies: ['selects'] });
      expect(await text(`pods/crashed-${node}`)).to.include(uid);
      expect(await text('events')).to.include('Started');
      expect(snapshot.diff.containers).to.have.length(1);
      const memory = reader.items.filter((item) => item.artifact === 'memory' && item.size > 0);
      let found = false;
      for (const item of memory) found ||= (await reader.bytes(item, 2 ** 28)).includes('in memory only');
      expect(found).to.equal(true);
      // Only its own processes were read.
      const cgroups = reader.items.filter((item) => /^\[root\]\/proc\/\d+\/cgroup$/.test(item.name));
      expect(cgroups.length).to.be.greaterThan(1);
      for (const item of cgroups)
        if (item.outcome === 'ok') expect(String(await reader.bytes(item, 2 ** 20))).to.include(uid);
    });

  it('takes of a pod in the network of its node the sockets of the node, and says whose they are', async () => {
    const listening = { image: imageOf('toolbox'), command: ['httpd', '-f', '-p', '31733', '-h', '/tmp'] };
    const [node = ''] = nodes;
    await apply(namespace, [pod('on-host', { ...listening, node, spec: { hostNetwork: true } })]);
    await untilReady(namespace, ['on-host']);
    const place = join(dir, 'on-host');
    const flags = ['-n', namespace, '--collector-image', imageOf('collector'), '--case', place];
    const { code, stdout, stderr } = await kubectlIr(['snapshot', 'pod', 'on-host', ...flags]);
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/^\d+ processes, \d+ sockets in 1 namespace$/m);
    expect(stderr).to.contain(`Network   ${namespace}/on-host is in that of its node: the sockets are`);
    const shown = await kubectlIr(['show', place, 'sockets', '-o', 'json']);
    const { items } = JSON.parse(shown.stdout) as {
      items: { localPort?: number; state?: string; pids: number[] }[];
    };
    const own = items.filter(({ localPort, state }) => localPort === 31_733 && state === 'LISTEN');
    expect(own.length, shown.stderr).to.be.greaterThan(0);
    for (const { pids } of own) expect(pids).to.have.length(1);
    const found = await kubectlIr(['findings', place, '--rule', 'listener-without-process', '-o', 'name']);
    expect([found.code, found.stdout], found.stderr).to.deep.equal([0, '']);
  });

  it('takes all pods with certain labels, of this namespace and of all, into one case', async () => {
    const wanted = nodes.map((node) => `crashed-${node}`);
    for (const where of [
      ['-n', namespace],
      ['-n', 'default', '-A'],
    ]) {
      const place = join(dir, where.join(''));
      const flags = ['-l', 'app=crashed', ...where, '--collector-image', imageOf('collector')];
      const words = ['snapshot', 'pod', ...flags, '--case', place, '-o', 'json'];
      const { code, stdout, stderr } = await kubectlIr(words);
      expect(code, stderr).to.equal(0);
      const { items } = JSON.parse(stdout) as { items: PodSnapshot[] };
      expect(items.map(({ pod: name }) => name)).to.have.members(wanted);
      for (const { acquisition, outcome, diff } of items) {
        expect(outcome).to.equal('complete');
        expect(diff.containers).to.have.length(1);
        await expectWhole(await openAcquisition(acquisition));
      }
    }
  });
});
