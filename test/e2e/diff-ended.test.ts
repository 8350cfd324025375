import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerDiffData, PodDiffData } from '../../src/filesystem/pod-diff.ts';
import { attempt, type Outcome } from '../cluster/run.ts';
import { image, imageOf, nodeShell } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { ours } from './support/traces.ts';
import { apply, createNamespace, deployment, pod, removeNamespaces } from './support/workload.ts';
import { eventually, kubectl, kubectlIr, nodeNames, onNode } from './support/world.ts';

const namespace = 'e2e-diff-ended';
const nodes = await nodeNames();

/** What each instance of a container does before it ends: the volume outlives it, counts the instances and says which of them are done. */
const deeds = `
n=$(cat /data/shared/count 2>/dev/null || echo 0); n=$((n + 1)); echo $n >/data/shared/count
cp /bin/busybox /tmp/.x; chmod 4755 /tmp/.x; rm /etc/motd; echo $n >/tmp/instance-$n
cp -p /usr/bin/curl /tmp/reference; printf X | dd of=/usr/bin/curl bs=1 seek=100 conv=notrunc 2>/dev/null
touch -r /tmp/reference /usr/bin/curl; rm /tmp/reference; touch /data/shared/done-$n`;
const changes = (instance: number): string[] => [
  'added /tmp/.x setuid executable',
  `added /tmp/instance-${instance}`,
  'deleted /etc/motd',
  'modified /usr/bin/curl executable mtime-spoofed',
];

function planted(node: string): object[] {
  const shop = (name: string, command: string, more: object): object =>
    pod(`${name}-${node}`, {
      image: imageOf('shop'),
      container: { name: 'web' },
      command: ['sh', '-c', command],
      node,
      volume: '/data/shared',
      spec: more,
    });
  return [
    shop('ended', deeds, { restartPolicy: 'Never' }),
    shop('restarted', `${deeds}\n[ $n -gt 1 ] || exit 1\nsleep 3600`, {
      restartPolicy: 'OnFailure',
      initContainers: [
        { name: 'setup', image: imageOf('shop'), command: ['sh', '-c', 'echo set >/etc/set-up'] },
      ],
    }),
  ];
}

describe('kubectl ir diff pod, of containers that ended', function () {
  requires(this, image('collector'), image('shop'));
  this.timeout(120_000);
  let dir: string;
  const diff = (...words: string[]): Promise<Outcome> =>
    kubectlIr([
      ...['diff', 'pod', ...words, '-n', namespace, '--case', join(dir, 'case')],
      ...['--collector-image', imageOf('collector')],
    ]);
  const found = async (...words: string[]): Promise<PodDiffData> => {
    const { code, stdout, stderr } = await diff(...words, '-o', 'json');
    expect(code, stderr).to.equal(1);
    return JSON.parse(stdout) as PodDiffData;
  };

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-diff-ended-'));
    await createNamespace(namespace);
    const [node = ''] = nodes;
    await apply(namespace, [
      ...nodes.flatMap(planted),
      deployment('shop', {
        image: imageOf('shop'),
        command: ['sh', '-c', 'touch /tmp/mark; sleep 3600'],
        node,
      }),
    ]);
    await kubectl(['rollout', 'status', 'deployment/shop', '-n', namespace, '--timeout=60s']);
    for (const one of nodes) {
      const web = '.status.containerStatuses[0]';
      const again = `{${web}.restartCount}{.status.phase}{${web}.lastState.terminated.exitCode}`;
      await eventually(`restarted-${one} runs again, its first instance being recorded`, () =>
        says(`restarted-${one}`, again, '1Running1'),
      );
      await eventually(`the second instance of restarted-${one} has done its deeds`, () =>
        has(`restarted-${one}`, '/data/shared/done-2'),
      );
      await eventually(`ended-${one} ended`, () => says(`ended-${one}`, '{.status.phase}', 'Succeeded'));
    }
  });
  after(async () => {
    await rm(dir, { recursive: true, force: true });
    await removeNamespaces(namespace);
  });

  for (const node of nodes) {
    it(`reads what one changed from the runtime's records, on ${node}`, async () => {
      const { containers } = await found(`ended-${node}`);
      expect(containers.map(linesOf)).to.deep.equal([changes(1)]);
      const [container] = containers;
      expect(container).to.deep.include({ driver: 'overlay', state: 'terminated', blind: [], processes: [] });
      expect(container?.summary.runtime).to.be.above(0);
      expect(container?.mounts.find(({ path }) => path === '/data/shared')?.nodePath).to.match(
        /empty-dir\/volume$/,
      );
    });

    it(`tells the instance before the last restart from the present one, on ${node}`, async () => {
      const now = await found(`restarted-${node}`);
      expect(Object.fromEntries(now.containers.map((one) => [one.name, linesOf(one)]))).to.deep.equal({
        setup: ['added /etc/set-up'],
        web: changes(2),
      });
      const before = await found(`restarted-${node}`, '--previous');
      expect(before.containers.map((one) => [one.name, linesOf(one)])).to.deep.equal([['web', changes(1)]]);
      expect(before.containers[0]?.id).not.to.equal(now.containers.find(({ name }) => name === 'web')?.id);
    });

    for (const snapshotter of ['overlayfs', 'native'])
      it(`finds containers of other namespaces of the runtime by their ids, of ${snapshotter}, on ${node}`, async function () {
        requires(this, nodeShell());
        const ctr = 'ctr -n forensics';
        const deed = 'echo x >/tmp/left; rm /etc/motd';
        // No other process has this in its command line, and it comes behind the deed.
        const rest = 'sleep 3607';
        const run = (name: string, more: string, command: string): string =>
          `${ctr} run ${more} --snapshotter ${snapshotter} ${imageOf('shop')} ${name} sh -c '${command}'`;
        const made = await onNode(
          node,
          `ctr -n k8s.io images export /tmp/shop.tar ${imageOf('shop')}
          ${ctr} images import --no-unpack /tmp/shop.tar >/dev/null && rm /tmp/shop.tar &&
          ${run('ended-outside', '', deed)} && ${run('running-outside', '--detach', `${deed}; ${rest}`)} &&
          for _ in $(seq 100); do ps -e -o args | grep -qx '${rest}' && exit; sleep 0.1; done; exit 1`,
        );
        try {
          expect(made.code, made.stderr).to.equal(0);
          for (const [name, state] of [
            ['ended-outside', 'terminated'],
            ['running-outside', 'running'],
          ] as const) {
            const { code, stdout, stderr } = await kubectlIr([
              ...['diff', 'pod', '--node', node, '--id', name.slice(0, 6), '-o', 'json'],
              ...['--case', join(dir, 'case'), '--collector-image', imageOf('collector')],
            ]);
            expect(code, stderr).to.equal(1);
            const outside = JSON.parse(stdout) as PodDiffData;
            expect(outside.pod).to.deep.equal({ namespace: '', name: '', uid: '', node });
            expect(outside.containers.map(linesOf)).to.deep.equal([['added /tmp/left', 'deleted /etc/motd']]);
            const driver = snapshotter === 'native' ? 'native' : 'overlay';
            expect(outside.containers[0]).to.include({ id: name, runtime: 'containerd', state, driver });
          }
        } finally {
          await onNode(
            node,
            `${ctr} tasks rm --force running-outside
            ${ctr} containers rm ended-outside running-outside
            ${ctr} images rm $(${ctr} images ls -q); ctr namespaces rm forensics`,
          );
        }
      });
  }

  it('takes the pods of an owner and those of a selector', async () => {
    const { code, stdout, stderr } = await diff('deploy/shop', '-o', 'name');
    expect(code, stderr).to.equal(1);
    expect(stdout).to.match(/^shop-[^:]+:main:\/tmp\/mark\n$/);
    const labelled = await diff('-l', 'app=shop');
    expect(labelled.stdout).to.match(/^pod\/shop-\S+ on node-a\nCONTAINER .*\nmain +added +\/tmp\/mark /);
    const none = await diff('-l', 'app=none');
    expect(none.stderr).to.include(`error: there are no pods with app=none in namespace "${namespace}"\n`);
  });

  it('says what has no instance before the present one, and which container a node does not know', async () => {
    const [node = ''] = nodes;
    const never = await diff(`ended-${node}`, '--previous');
    expect(never.code).to.equal(3);
    expect(never.stderr).to.include('has no instance before the present one of "web": none was restarted');
    const unknown = await kubectlIr([
      ...['diff', 'pod', '--node', node, '--id', 'f'.repeat(64), '--case', join(dir, 'case')],
      ...['--collector-image', imageOf('collector')],
    ]);
    expect(unknown.code).to.equal(3);
    expect(unknown.stderr).to.match(
      /not looked at: f{12}: container: it has no process, and no runtime's record on the node names it; searched: .*\/containerd/,
    );
    expect(await ours()).to.deep.equal([]);
  });
});

async function has(name: string, path: string): Promise<boolean> {
  const words = ['exec', '-n', namespace, name, '-c', 'web', '--', 'test', '-e', path];
  return (await attempt('kubectl', words)).code === 0;
}

async function says(name: string, path: string, text: string): Promise<boolean> {
  return (await kubectl(['get', 'pod', name, '-n', namespace, '-o', `jsonpath=${path}`])) === text;
}

function linesOf(container: ContainerDiffData): string[] {
  return container.changes
    .filter(({ flags, type }) => !flags.includes('runtime') && type !== 'directory')
    .map(({ change, path, flags }) => [change, path, ...flags].join(' '))
    .sort();
}
