import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Isolation } from '../../src/containment/isolation.ts';
import type { Outcome } from '../cluster/run.ts';
import { image, imageOf, twoNodes } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { ours } from './support/traces.ts';
import { apply, createNamespace, deployment, pod, removeNamespaces, untilReady } from './support/workload.ts';
import { eventually, kubectl, kubectlIr, nodeNames } from './support/world.ts';

const namespace = 'e2e-many';
const nodes = await nodeNames();
const [first = '', second = ''] = nodes;

/** What `-o json` prints for several pods. */
interface Isolations {
  readonly items: readonly Isolation[];
  readonly failed: readonly unknown[];
  readonly left: readonly { readonly name: string; readonly why: string }[];
}

const web = {
  image: imageOf('toolbox'),
  command: ['sh', '-c', 'mkdir -p /w && echo ok >/w/index.html && exec httpd -f -p 8080 -h /w'],
  container: { ports: [{ containerPort: 8080 }] },
};
const ir = (words: readonly string[]): Promise<Outcome> =>
  kubectlIr([...words, '-n', namespace, '--collector-image', imageOf('collector-full')]);

describe('isolate and release, several pods at once', function () {
  requires(this, image('collector-full'), image('toolbox'), twoNodes(nodes));
  this.timeout(120_000);
  let dir: string;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-many-'));
    await createNamespace(namespace);
    await apply(namespace, [
      ...nodes.map((node) => deployment(`web-${node}`, { ...web, node, labels: { tier: 'web' } })),
      pod('on-host', { ...web, node: first, labels: { tier: 'web' }, spec: { hostNetwork: true } }),
    ]);
    await kubectl(['scale', '-n', namespace, '--replicas=3', `deployment/web-${first}`]);
    const both = nodes.map((node) => `deploy/web-${node}`);
    await kubectl(['rollout', 'status', '-n', namespace, '--timeout=60s', ...both]);
    await untilReady(namespace);
  });
  after(async () => {
    const left = await ir(['release', '-l', 'tier=web', '--yes']);
    expect(left.code, left.stderr).to.be.oneOf([0, 1]);
    await removeNamespaces(namespace);
    await rm(dir, { recursive: true, force: true });
  });

  const podsOf = async (selector: string): Promise<string[]> => {
    const query = [
      '-l',
      selector,
      '--field-selector=status.phase=Running',
      '-o',
      'jsonpath={.items[*].metadata.name}',
    ];
    return (await kubectl(['get', 'pods', '-n', namespace, ...query])).split(' ').filter(Boolean);
  };

  it('isolates all replicas of an owner, each with a record of its own, and their case releases them', async () => {
    const before = await podsOf(`app=web-${first}`);
    expect(before).to.have.length(3);
    const caseDir = join(dir, 'replicas');
    const words = [
      'isolate',
      `deploy/web-${first}`,
      '--all-replicas',
      '--yes',
      '-o',
      'json',
      '--case',
      caseDir,
    ];
    const done = await ir(words);
    expect(done.code, done.stderr).to.equal(0);
    const { items, failed, left } = JSON.parse(done.stdout) as Isolations;
    expect(items.map(({ pod: { name } }) => name)).to.have.members(before);
    expect(items.map(({ verification }) => verification.verdict)).to.deep.equal(['HOLDS', 'HOLDS', 'HOLDS']);
    expect([...failed, ...left]).to.deep.equal([]);
    expect(done.stderr).to.match(/^Undo {6}kubectl ir release /m);
    await eventually('replacements', async () => (await podsOf(`app=web-${first}`)).length === 3);

    const [alone, ...others] = items.map((one) => one.pod);
    const one = await ir(['release', alone?.name ?? '', '--yes']);
    expect(one.code, one.stderr).to.equal(0);
    expect(await ours({ uid: alone?.uid ?? '' })).to.deep.equal([]);
    for (const { uid } of others) expect(await ours({ uid })).to.include(`configmap/ir-${uid}`);

    const rest = await ir(['release', caseDir, '--yes']);
    expect(rest.code, rest.stderr).to.equal(0);
    expect(rest.stdout.match(/^RELEASED /gm)).to.have.length(2);
    for (const { uid } of others) expect(await ours({ uid })).to.deep.equal([]);
    await kubectl(['delete', 'pods', '-n', namespace, '--wait=false', ...before]);
  });

  it('leaves what can’t be cut, says so, and is then partial', async () => {
    const dry = await ir(['isolate', '-l', 'tier=web', '--dry-run=client']);
    expect(dry.code, dry.stderr).to.equal(0);
    expect(dry.stdout)
      .to.match(/^Pods {6}4 pods on 2 nodes$/m)
      .and.match(/^Left .*on-host is not cut: pod "on-host" uses the network of node/m);
    const done = await ir(['isolate', '-l', 'tier=web', '--yes', '--case', join(dir, 'labels')]);
    expect(done.code, done.stderr).to.equal(3);
    expect(done.stdout.match(/^HOLDS /gm)).to.have.length(4);
    expect(done.stdout).to.match(/^NOT CUT +e2e-many\/on-host /m);
    const released = await ir(['release', '-l', 'tier=web', '--yes', '--return']);
    expect(released.code, released.stderr).to.equal(0);
    expect(released.stdout.match(/^RELEASED /gm)).to.have.length(4);
  });

  it('finds pods by image and by account', async () => {
    const path = 'jsonpath={.items[0].status.containerStatuses[0].imageID}';
    const id = await kubectl(['get', 'pods', '-n', namespace, '-l', `app=web-${second}`, '-o', path]);
    const digest = /sha256:[0-9a-f]{64}$/.exec(id)?.[0] ?? '';
    for (const choice of [
      ['--image', digest],
      ['--service-account', 'default'],
    ]) {
      const dry = await ir(['isolate', ...choice, '--dry-run=client', '-o', 'json']);
      expect(dry.code, dry.stderr).to.equal(0);
      const names = (JSON.parse(dry.stdout) as { items: { subject: { name: string } }[] }).items.map(
        ({ subject }) => subject.name,
      );
      expect(names).to.include.members(await podsOf(`app=web-${second}`));
    }
  });
});
