import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Isolation } from '../../src/containment/isolation.ts';
import type { Outcome } from '../cluster/run.ts';
import { image, imageOf, twoNodes } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { apply, createNamespace, deployment, pod, removeNamespaces, untilReady } from './support/workload.ts';
import { eventually, kubectl, kubectlIr, nodeNames } from './support/world.ts';

const namespace = 'e2e-node';
const nodes = await nodeNames();
const node = nodes[1] ?? '';
const controlPlane = 'node-role.kubernetes.io/control-plane';

const serving = {
  image: imageOf('toolbox'),
  command: ['sh', '-c', 'mkdir -p /w && echo ok >/w/index.html && exec httpd -f -p 8080 -h /w'],
  container: { ports: [{ containerPort: 8080 }] },
};
const here = { nodeSelector: { 'kubernetes.io/hostname': node } };
const ir = (words: readonly string[]): Promise<Outcome> =>
  kubectlIr([...words, '-n', namespace, '--collector-image', imageOf('collector-full')]);

describe('isolate node', function () {
  requires(this, image('collector-full'), image('toolbox'), twoNodes(nodes));
  this.timeout(120_000);
  let dir: string;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-node-'));
    await createNamespace(namespace);
    const { spec } = deployment('agent', { ...serving, spec: here }) as {
      spec: { selector: object; template: object };
    };
    const { selector, template } = spec;
    await apply(namespace, [
      deployment('web', { ...serving, spec: here }),
      { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent' }, spec: { selector, template } },
      pod('on-host', { ...serving, node, spec: { hostNetwork: true } }),
    ]);
    await kubectl(['rollout', 'status', '-n', namespace, '--timeout=60s', 'deploy/web', 'daemonset/agent']);
    await untilReady(namespace);
  });
  after(async () => {
    await kubectl(['label', 'node', node, `${controlPlane}-`]);
    await ir(['release', `node/${node}`, '--yes']);
    await removeNamespaces(namespace);
    await rm(dir, { recursive: true, force: true });
  });

  const cordoned = async (): Promise<boolean> =>
    (await kubectl(['get', 'node', node, '-o', 'jsonpath={.spec.unschedulable}'])) === 'true';
  const names = async (app: string): Promise<string[]> => {
    const query = [
      '-l',
      `app=${app}`,
      '--field-selector=status.phase=Running',
      '-o',
      'jsonpath={.items[*].metadata.name}',
    ];
    return (await kubectl(['get', 'pods', '-n', namespace, ...query])).split(' ').filter(Boolean);
  };

  it('is refused for the last ready node of the control plane', async () => {
    await kubectl(['label', 'node', node, `${controlPlane}=`]);
    const done = await ir(['isolate', 'node', node, '--dry-run=client']);
    await kubectl(['label', 'node', node, `${controlPlane}-`]);
    expect(done.code).to.equal(1);
    expect(done.stderr).to.match(/^error: node "\S+" is the last ready node of the control plane/m);
  });

  it('cordons it and cuts its pods, lists those that it can’t, and lets no replacement come to it', async () => {
    const [web = ''] = await names('web');
    const [agent = ''] = await names('agent');
    const done = await ir(['isolate', 'node', node, '--yes', '-o', 'json', '--case', join(dir, 'node')]);
    expect(done.code, done.stderr).to.be.oneOf([0, 3]);
    const { items, left } = JSON.parse(done.stdout) as {
      items: Isolation[];
      left: { name: string; why: string }[];
    };
    for (const name of [web, agent]) {
      const verdict = items.find((one) => one.pod.name === name)?.verification.verdict;
      expect(verdict, name).to.equal('HOLDS');
    }
    expect(left.find(({ name }) => name === 'on-host')?.why).to.match(/uses the network of node/);
    expect(await cordoned()).to.equal(true);
    expect(await names('agent')).to.deep.equal([agent]);
    expect(await names('web')).to.deep.equal([]);
  });

  it('is undone as one, and takes pods again', async () => {
    const done = await ir(['release', `node/${node}`, '--yes', '--return']);
    expect(done.code, done.stderr).to.equal(0);
    expect(done.stdout)
      .to.match(/^RELEASED +e2e-node\/web-/m)
      .and.match(/^RELEASED +e2e-node\/agent-/m);
    expect(await cordoned()).to.equal(false);
    await eventually('one web pod', async () => (await names('web')).length === 1);
  });
});
