import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Isolation } from '../../src/containment/isolation.ts';
import { processIo } from '../../src/output/io.ts';
import {
  arrived,
  clusterState,
  interruptedIsolate,
  ir,
  namespace,
  nodeState,
  shopPod,
  startHostNetworkPod,
  startPodInNodesNetwork,
  startLab,
  uidOf,
  untilServed,
} from './isolation-lab.ts';
import { image, nodeShell, twoNodes } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { untilAlone } from './support/alone.ts';
import { ours, traces } from './support/traces.ts';
import { removeNamespaces } from './support/workload.ts';
import { eventually, kubectl, nodeNames } from './support/world.ts';

interface Suspect {
  readonly node: string;
  readonly pod: string;
  readonly isolation: Isolation;
}

const io = processIo();
const nodes = await nodeNames();
const [first = '', second = ''] = nodes;

describe('kubectl ir isolate', function () {
  requires(this, image('collector-full'), image('toolbox'), twoNodes(nodes));
  this.timeout(180_000);
  let dir: string;
  const suspects: Suspect[] = [];
  /** State of pods and nodes before anything was done, by their names. */
  const untouched = new Map<string, string>();

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-isolate-'));
    await startLab([first, second]);
    for (const node of nodes) {
      const pod = await shopPod(node);
      await eventually('lines at the sink', async () => {
        const { tcp, udp } = await arrived(node, pod);
        return tcp > 20 && udp > 20;
      });
      untouched.set(pod, await clusterState(pod));
    }
    if (!nodeShell().met) return;
    for (const node of nodes) {
      await untilServed(node, nodes.length);
      await untilAlone(node);
      untouched.set(node, await nodeState(node));
    }
  });
  after(async () => {
    for (const { isolation } of suspects)
      if ((await ours({ uid: isolation.pod.uid })).length > 0)
        await ir(['release', isolation.pod.uid, '--yes', '--return']);
    await removeNamespaces(namespace);
    await rm(dir, { recursive: true, force: true });
  });

  for (const node of nodes)
    it(`stops an established TCP and an established UDP flow from ${node} and says HOLDS`, async () => {
      const pod = await shopPod(node);
      const done = await ir(['isolate', pod, '--yes', '-o', 'json', '--case', join(dir, node)]);
      const stopped = await arrived(node, pod);
      expect(done.code, `${done.stderr}${done.stdout}`).to.equal(0);
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
      await eventually('the Service without the pod', async () => {
        const endpoints = await kubectl([
          ...['get', 'endpointslices', '-n', namespace, '-l', `kubernetes.io/service-name=shop-${node}`],
          ...['-o', 'jsonpath={.items[*].endpoints[*].targetRef.name}'],
        ]);
        return !endpoints.split(' ').includes(pod);
      });
      await eventually('another pod', () =>
        shopPod(node).then(
          (other) => other !== pod,
          () => false,
        ),
      );
      suspects.push({ node, pod, isolation });
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
    for (const { node, pod } of suspects) {
      const released = await ir(['release', node === first ? pod : join(dir, node), '--yes', '--return']);
      expect(released.code, released.stderr).to.equal(0);
      expect(released.stdout).to.equal(`pod/${pod} released\n`);
      await eventually('only the evidence pod', async () => {
        const names = await kubectl(['get', 'pods', '-n', namespace, '-l', `app=shop-${node}`, '-o', 'name']);
        return names.trim() === `pod/${pod}`;
      });
    }
    for (const { node, pod } of suspects) {
      expect(await clusterState(pod)).to.equal(untouched.get(pod));
      await expectNothingOfOurs(node, pod);
    }
  });

  it('leaves links, routes and rules of the nodes byte for byte as they were', async function () {
    requires(this, nodeShell());
    for (const node of nodes) {
      const asBefore = async (): Promise<boolean> => (await nodeState(node)) === untouched.get(node);
      await eventually('the node as before', asBefore).catch(() => undefined);
      expect(await nodeState(node)).to.equal(untouched.get(node));
    }
  });

  it('says LEAKS with the flows that were open before when only a policy stands', async () => {
    const pod = await shopPod(first);
    await eventually('a resumed flow', async () => {
      const earlier = await arrived(first, pod);
      await io.sleep(1000);
      return (await arrived(first, pod)).udp > earlier.udp;
    });
    const done = await ir(['isolate', pod, '--yes', '--skip', 'cut,inside', '--case', join(dir, 'deny')]);
    expect(done.code, done.stderr).to.equal(4);
    expect(done.stdout)
      .to.match(/^LEAKS {3}pod\//)
      .and.match(/^udp .* it was open before the policy, which stops only new connections/m);
    expect((await ir(['release', pod, '--yes', '--return'])).code).to.equal(0);
    await expectNothingOfOurs(first, pod);
  });

  it('refuses a pod on the network of its node', async () => {
    await startHostNetworkPod(first);
    const done = await ir(['isolate', 'on-host', '--yes', '--case', join(dir, 'host')]);
    expect(done.code).to.equal(1);
    expect(done.stderr).to.match(/^error: pod "on-host" uses the network of node /m);
  });

  it('is not said to hold for a pod with a process in the network of its node', async () => {
    await startPodInNodesNetwork(first);
    const done = await ir(['isolate', 'gone-out', '--yes', '--case', join(dir, 'out'), '-o', 'json']);
    expect(done.stderr).to.match(/may control node .*container main is privileged; .*\(hostPID\)/);
    const { verification } = JSON.parse(done.stdout) as Isolation;
    expect([done.code, verification.verdict], done.stderr).to.deep.equal([3, 'UNVERIFIED']);
    expect(verification.reasons).to.have.length(1);
    expect(verification.reasons[0]).to.match(/^process \d+ of the pod: in the network of the node/);
    expect((await ir(['release', 'gone-out', '--yes'])).code).to.equal(0);
  });

  for (const [text, afterMs] of [
    ['Plan', 0],
    ['Plan', 700],
    ['collector', 0],
    ['collector', 400],
    ['collector', 1200],
    ['cut  ', 0],
    ['deny  ', 500],
  ] as const)
    it(`interrupted ${afterMs} ms after "${text.trim()}" leaves only what it says and its record`, async () => {
      const pod = await shopPod(second);
      const done = await interruptedIsolate(pod, join(dir, 'interrupted'), { text, afterMs });
      expect(done.code, done.stderr).to.equal(130);
      const uid = await uidOf(pod);
      const standing = (await ours({ uid })).includes(`configmap/ir-${uid}`);
      expect(done.stderr).to.match(standing ? /what still stands: guards of the pod/ : /^interrupted: /m);
      if (standing) expect((await ir(['release', pod, '--yes', '--return'])).code).to.equal(0);
      await expectNothingOfOurs(second, pod);
      await eventually('one pod again', () =>
        shopPod(second).then(
          () => true,
          () => false,
        ),
      );
    });
});

/** Nothing about a pod is left in the cluster, and no collector and no rule on its node. */
async function expectNothingOfOurs(node: string, pod: string): Promise<void> {
  expect(await traces({ uid: await uidOf(pod), node })).to.deep.equal([]);
}
