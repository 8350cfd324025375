import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { processIo, writeLine } from '../../src/output/io.ts';
import { nodeStates } from './api.ts';
import { buildPrograms } from './build.ts';
import { collectorBusybox } from './collector-busybox.ts';
import { cluster, kubectl, layout, main, onNode, pod, succeed } from './client.ts';
import { difference, type Footprint, footprint, holders } from './footprint.ts';
import { installPackages } from '../support/packages.ts';
import { clusterNeeds } from './needs.ts';
import { buildNodePackages } from './node-packages.ts';
import { readRecord } from './record.ts';
import { attempt } from './run.ts';

const io = processIo();

/** Starts `up` or `down` and kills it when `moment` has come, as a power cut of the responder's terminal would. */
async function killed(command: string, moment: () => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, [main, command], { stdio: 'ignore' });
  const ended = once(child, 'close');
  await Promise.race([moment(), ended]);
  child.kill('SIGKILL');
  await ended;
}

/** Waits until a start has written its record, and started a little. */
async function recorded(): Promise<void> {
  while ((await readRecord(layout)) === undefined) await io.sleep(20);
  await io.sleep(1000);
}

describe('test cluster', function () {
  this.timeout(120_000);
  let untouched: Footprint;

  before(async function () {
    // A cold machine builds for up to ten minutes.
    this.timeout(1_800_000);
    const say = (line: string): Promise<void> => writeLine(io.stderr, line);
    await cluster(['down']);
    await installPackages(clusterNeeds, io, say);
    await buildPrograms(io, say);
    await collectorBusybox(io, say);
    await buildNodePackages(io, say);
    untouched = await footprint();
  });

  after(() => cluster(['down']));

  describe('when it is up', () => {
    before(() => succeed('up'));

    it('has ready nodes on two runtimes', async () => {
      const nodes = await nodeStates(layout);
      expect(nodes.map((node) => [node.name, node.ready, node.kubelet])).to.deep.equal([
        ['node-a', true, 'v1.34.4'],
        ['node-b', true, 'v1.34.4'],
      ]);
      expect(nodes[0]?.runtime).to.equal('containerd://2.2.1');
      expect(nodes[1]?.runtime).to.match(/^containerd:\/\/1\.6\./);
    });

    it('does nothing on a second up', async () => {
      const first = await readRecord(layout);
      const begun = io.monotonic();
      expect(await succeed('up')).to.include('up already');
      expect(io.monotonic() - begun).to.be.below(5000);
      expect(await readRecord(layout)).to.deep.equal(first);
    });

    it('refuses another number of nodes and another cluster beside it', async () => {
      const more = await cluster(['up', '--nodes', '3']);
      expect([more.code, more.stderr]).to.deep.equal([
        1,
        'The cluster is up with 2 nodes, not 3\nEnd it first: npm run cluster -- down\n',
      ]);
      const directory = await mkdtemp(join(tmpdir(), 'second-cluster-'));
      const beside = await cluster(['up'], { KUBECTL_IR_CLUSTER_DIR: directory });
      const end = await cluster(['down'], { KUBECTL_IR_CLUSTER_DIR: directory });
      await rm(directory, { recursive: true });
      expect(beside.code).to.equal(1);
      expect(beside.stderr).to.include(`This machine runs a cluster already, from ${layout.directory}`);
      expect(end.code).to.equal(1);
      expect(end.stderr).to.include(`There is no cluster in ${directory}`);
    });

    it('says what is wrong with a command line', async () => {
      expect((await cluster(['up', '--nodes', '9'])).stderr).to.equal('--nodes takes a number from 1 to 4\n');
      expect((await cluster(['shell', 'node-z'])).stderr).to.equal(
        "There is no node 'node-z'; there are node-a node-b\n",
      );
      expect((await cluster(['start'])).code).to.equal(2);
    });

    it('runs pods that reach each other over both nodes and through a Service', async () => {
      const objects = [
        pod('shop', 'node-b', 'lab.local/shop:1', undefined),
        pod('client', 'node-a', 'lab.local/toolbox:1', ['sleep', '1000']),
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'shop' },
          spec: { selector: { app: 'shop' }, ports: [{ port: 80, targetPort: 8080 }] },
        },
      ];
      await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
      await kubectl(['wait', '--for=condition=Ready', 'pod/shop', 'pod/client', '--timeout=60s']);
      const address = await kubectl(['get', 'pod', 'shop', '-o', 'jsonpath={.status.podIP}']);
      const service = await kubectl(['get', 'service', 'shop', '-o', 'jsonpath={.spec.clusterIP}']);
      const fetch = [
        'exec',
        'client',
        '--',
        'curl',
        '-s',
        '--retry',
        '20',
        '--retry-connrefused',
        '--retry-delay',
        '1',
      ];
      expect(await kubectl([...fetch, `http://${address}:8080/`])).to.include('The shop is open');
      expect(await kubectl([...fetch, `http://${service}/`])).to.include('The shop is open');
    });

    it('finds an image by its digest on both runtimes', async () => {
      const pinned = (await readRecord(layout))?.images.find(
        (image) => image.tagged === 'lab.local/collector:1',
      )?.pinned;
      expect(pinned).to.match(/^lab\.local\/collector@sha256:[0-9a-f]{64}$/);
      for (const node of ['node-a', 'node-b']) {
        const object = pod(`pinned-${node}`, node, pinned ?? '', ['sleep', '1000']);
        await kubectl(['apply', '-f', '-'], JSON.stringify(object));
        await kubectl(['wait', '--for=condition=Ready', `pod/pinned-${node}`, '--timeout=60s']);
      }
    });

    it('shows a node nothing of what is private on the machine', async () => {
      const seen = (await onNode('node-a', 'ls -A / /root /home /opt /usr/local; cat /proc/1/environ')).split(
        /[\n\0]/,
      );
      expect(seen).to.include.members(['etc', 'usr', '.ssh']);
      expect(seen).not.to.include.members(['work']);
      const project = join(import.meta.dirname, 'main.ts');
      expect(await onNode('node-a', `test -e ${project} && echo seen`)).to.equal('');
      expect(await onNode('node-a', 'test -b /dev/vda -o -b /dev/sda && echo seen')).to.equal('');
    });

    it('refuses what pod security and its node authorizer forbid', async () => {
      await kubectl(['create', 'namespace', 'strict']);
      await kubectl(['label', 'namespace', 'strict', 'pod-security.kubernetes.io/enforce=restricted']);
      const refused = await attempt(join(layout.bin, 'kubectl'), [
        ...[
          '--kubeconfig',
          layout.kubeconfig,
          '-n',
          'strict',
          'run',
          'x',
          '--image',
          'lab.local/collector:1',
        ],
      ]);
      expect(refused.stderr).to.include('violates PodSecurity "restricted:latest"');
      const asNode = [
        '--kubeconfig',
        join(layout.pki, 'node-a.kubeconfig'),
        '--server',
        'https://127.0.0.1:6443',
      ];
      const secrets = [...asNode, 'get', 'secrets', '-A'];
      expect((await attempt(join(layout.bin, 'kubectl'), secrets)).stderr).to.include('Forbidden');
      expect(await readFile(join(layout.logs, 'audit.log'), 'utf8')).to.include(
        '"user":{"username":"system:node:node-a"',
      );
    });

    it('leaves nothing behind when it is ended', async () => {
      const node = (await readRecord(layout))?.daemons['node-a']?.pid;
      const running = await holders();
      const ours = new Set(running.find((each) => each.pid === process.pid)?.namespaces);
      const theirs = new Set(
        running.find((each) => each.pid === node)?.namespaces.filter((name) => !ours.has(name)),
      );
      expect([...theirs]).to.have.length(6);
      expect(await succeed('down')).to.include('cluster ended');
      // Only processes of before: the number of a namespace that has gone is soon given to another one.
      const old = new Set(running.map((each) => `${each.pid} ${each.started}`));
      const left = (await holders()).filter(
        (each) => old.has(`${each.pid} ${each.started}`) && each.namespaces.some((name) => theirs.has(name)),
      );
      expect(left).to.deep.equal([]);
      expect(difference(untouched, await footprint())).to.deep.equal([]);
      expect(await succeed('down')).to.include('there is no cluster');
    });
  });

  describe('when its start is killed', () => {
    for (const milliseconds of [150, 400, 700, 1200, 2000, 3500, 6000]) {
      it(`after ${milliseconds} ms, down leaves nothing behind`, async () => {
        await killed('up', () => io.sleep(milliseconds));
        await succeed('down');
        expect(difference(untouched, await footprint())).to.deep.equal([]);
      });
    }

    it('comes up on the next up, and a killed down is finished by the next', async () => {
      await killed('up', recorded);
      expect(await succeed('up')).to.include('clearing away');
      expect((await nodeStates(layout)).every((node) => node.ready)).to.equal(true);
      await killed('down', () => io.sleep(250));
      await succeed('down');
      expect(difference(untouched, await footprint())).to.deep.equal([]);
    });
  });
});
