import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Isolation } from '../../src/containment/isolation.ts';
import { processIo } from '../../src/output/io.ts';
import {
  arrived,
  collectorNamespace,
  eventually,
  interruptedIsolate,
  ir,
  kubectl,
  namespace,
  type NodeName,
  nodes,
  onNode,
  shopPod,
  startHostNetworkPod,
  startLab,
  state,
  stopLab,
} from './isolation-lab.ts';

interface Suspect {
  readonly node: NodeName;
  readonly pod: string;
  readonly before: string;
  readonly isolation: Isolation;
}

const io = processIo();

describe('kubectl ir isolate', function () {
  this.timeout(180_000);
  let dir: string;
  const suspects: Suspect[] = [];

  before(async function () {
    if ((await onNode('node-a', 'true')).code !== 0) this.skip();
    dir = await mkdtemp(join(tmpdir(), 'e2e-isolate-'));
    await startLab();
  });
  after(async () => {
    await stopLab();
    await rm(dir, { recursive: true, force: true });
  });

  for (const node of nodes)
    it(`stops an established TCP and an established UDP flow from ${node} and says HOLDS`, async () => {
      const pod = await shopPod(node);
      await eventually('lines at the sink', async () => {
        const { tcp, udp } = await arrived(node, pod);
        return tcp > 20 && udp > 20;
      });
      const before = await state(node, pod);
      const done = await ir(['isolate', pod, '--yes', '-o', 'json', '--case', join(dir, node)]);
      const stopped = await arrived(node, pod);
      expect(done.code, done.stderr).to.equal(0);
      const isolation = JSON.parse(done.stdout) as Isolation;
      expect(isolation.verification.verdict).to.equal('HOLDS');
      for (const protocol of ['tcp', 'udp'])
        expect(
          isolation.verification.checks.find((check) => check.flow.startsWith(`${protocol} `)),
        ).to.include({
          before: 'works',
          after: 'fails',
          judged: true,
        });
      expect(isolation.verification.checks.find((check) => check.flow.startsWith('probe '))).to.include({
        before: 'works',
        after: 'works',
      });
      await io.sleep(3000);
      expect(await arrived(node, pod)).to.deep.equal(stopped);
      const endpoints = await kubectl([
        ...['get', 'endpointslices', '-n', namespace, '-l', `kubernetes.io/service-name=shop-${node}`],
        ...['-o', 'jsonpath={.items[*].endpoints[*].targetRef.name}'],
      ]);
      expect(endpoints.split(' ')).not.to.include(pod);
      expect(await shopPod(node)).not.to.equal(pod);
      suspects.push({ node, pod, before, isolation });
    });

  it('refuses to isolate what is isolated', async () => {
    const done = await ir(['isolate', suspects[0]?.pod ?? '', '--yes', '--case', join(dir, 'twice')]);
    expect(done.code).to.equal(1);
    expect(done.stderr).to.match(/^error: pod ".*" is isolated already/m);
  });

  it('keeps the containers alive: none restarted in 60 s, all ready', async () => {
    await io.sleep(60_000);
    for (const { pod } of suspects) {
      const path = '{.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].ready}';
      expect(await kubectl(['get', 'pod', pod, '-n', namespace, '-o', `jsonpath=${path}`])).to.equal(
        '0 true',
      );
    }
  });

  it('is undone byte for byte by release, and the evidence pod survives', async () => {
    expect(suspects).to.have.length(nodes.length);
    for (const { node, pod, before } of suspects) {
      const released = await ir(['release', node === 'node-a' ? pod : join(dir, node), '--yes']);
      expect(released.code, released.stderr).to.equal(0);
      expect(released.stdout).to.equal(`pod/${pod} released\n`);
      await eventually('only the evidence pod', async () => {
        const names = await kubectl(['get', 'pods', '-n', namespace, '-l', `app=shop-${node}`, '-o', 'name']);
        return names.trim() === `pod/${pod}`;
      });
      await eventually('the node as before', async () => (await state(node, pod)) === before).catch(
        () => undefined,
      );
      expect(await state(node, pod)).to.equal(before);
    }
    await expectNothingLeft();
  });

  it('says LEAKS with the flows when only a policy stands and nothing enforces it', async () => {
    const pod = await shopPod('node-a');
    await eventually('a resumed flow', async () => {
      const first = await arrived('node-a', pod);
      await io.sleep(1000);
      return (await arrived('node-a', pod)).udp > first.udp;
    });
    const done = await ir(['isolate', pod, '--yes', '--level', 'deny', '--case', join(dir, 'deny')]);
    expect(done.code, done.stderr).to.equal(4);
    expect(done.stdout)
      .to.match(/^LEAKS {3}pod\//)
      .and.match(/^udp .* nothing enforces the policy on it/m);
    expect((await ir(['release', pod, '--yes'])).code).to.equal(0);
    await expectNothingLeft();
  });

  it('refuses a pod on the network of its node', async () => {
    await startHostNetworkPod();
    const done = await ir(['isolate', 'on-host', '--yes', '--case', join(dir, 'host')]);
    expect(done.code).to.equal(1);
    expect(done.stderr).to.match(/^error: pod "on-host" uses the network of node node-a/m);
  });

  for (const [text, delay] of [
    ['Plan', 0],
    ['Plan', 700],
    ['collector', 0],
    ['collector', 400],
    ['collector', 1200],
    ['cut  ', 0],
    ['deny  ', 500],
  ] as const)
    it(`interrupted ${delay} ms after "${text.trim()}" leaves only what it says and its record`, async () => {
      const pod = await shopPod('node-b');
      const done = await interruptedIsolate(pod, join(dir, 'interrupted'), text, delay);
      expect(done.code, done.stderr).to.equal(130);
      const records = await kubectl(['get', 'configmaps', '-n', collectorNamespace, '-o', 'name']);
      const standing = /^configmap\/ir-/m.test(records);
      expect(done.stderr).to.match(standing ? /what still stands: the cut of/ : /^interrupted: /m);
      if (standing) expect((await ir(['release', pod, '--yes'])).code).to.equal(0);
      await expectNothingLeft();
      await eventually('one pod again', () =>
        shopPod('node-b').then(
          () => true,
          () => false,
        ),
      );
    });
});

/** No collector, record, policy, label or rule of ours anywhere. */
async function expectNothingLeft(): Promise<void> {
  const ours = ['-l', 'kubectl-ir/pod-uid', '-o', 'name'];
  for (const kind of ['pods', 'configmaps', 'networkpolicies'])
    expect(await kubectl(['get', kind, '-A', ...ours])).to.equal('');
  for (const node of nodes) expect((await onNode(node, 'nft list tables')).stdout).not.to.include(' ir-');
}
