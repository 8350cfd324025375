import { expect } from 'chai';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { itemName } from '../../src/evidence/item-record.ts';
import { openAcquisition } from '../../src/evidence/reader.ts';
import type { Change, ContainerDiff, PodDiff } from '../../src/filesystem/pod-diff.ts';
import type { Outcome } from '../cluster/run.ts';
import { fullImage, kubectl, kubectlIr, onNode, plainImage } from './support/world.ts';

const namespace = 'e2e-diff';
const nodes = ['node-a', 'node-b'];
const names = { quiet: 'quiet', busy: 'busy', ended: 'ended' } as const;

/** What an intruder does, with the shell of the image. */
const attack = `
cp -p /usr/bin/curl /tmp/reference; printf X | dd of=/usr/bin/curl bs=1 seek=100 conv=notrunc 2>/dev/null
touch -r /tmp/reference /usr/bin/curl; rm /tmp/reference
cp /bin/busybox /tmp/.x; chmod 4755 /tmp/.x
cp /bin/busybox /tmp/sleep; /tmp/sleep 3600 >/dev/null 2>&1 & sleep 0.3; rm /tmp/sleep
rm /etc/motd; chmod 666 /etc/shop.conf
mkdir -p /srv; printf '<?php evil' >"/srv/up.php"; printf x >"$(printf '/srv/a\\nb\\033[2J')"
mkdir -p /data/shared; echo hidden >/data/shared/not-in-the-image`;

function pod(node: string, name: string): object {
  const command = name === names.ended ? ['true'] : ['sleep', '3600'];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${name}-${node}`, namespace },
    spec: {
      nodeName: node,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'web',
          image: 'lab.local/shop:1',
          command,
          volumeMounts: [{ name: 'shared', mountPath: '/data/shared' }],
        },
      ],
      volumes: [{ name: 'shared', emptyDir: {} }],
    },
  };
}

describe('kubectl ir diff pod', function () {
  this.timeout(120_000);
  let dir: string;
  const diff = (target: string, ...flags: string[]): Promise<Outcome> =>
    kubectlIr([
      'diff',
      'pod',
      target,
      '-n',
      namespace,
      '--case',
      join(dir, 'case'),
      '--collector-image',
      plainImage,
      ...flags,
    ]);

  before(async function () {
    if ((await onNode('node-a', 'true')).code !== 0) this.skip();
    dir = await mkdtemp(join(tmpdir(), 'e2e-diff-'));
    await kubectl(['create', 'namespace', namespace]);
    const items = nodes.flatMap((node) => Object.values(names).map((name) => pod(node, name)));
    await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const running = nodes.flatMap((node) => [`pod/${names.quiet}-${node}`, `pod/${names.busy}-${node}`]);
    await kubectl(['wait', ...running, '-n', namespace, '--for=condition=Ready', '--timeout=60s']);
    for (const node of nodes)
      await kubectl(['exec', '-n', namespace, `${names.busy}-${node}`, '--', 'sh', '-c', attack]);
  });
  after(async () => {
    await rm(dir, { recursive: true, force: true });
    await kubectl(['delete', 'namespace', namespace, '--wait=false', '--ignore-not-found']);
  });

  for (const node of nodes) {
    it(`lists nothing but what the runtime made where nothing changed, on ${node}`, async () => {
      const { code, stdout, stderr } = await diff(`${names.quiet}-${node}`);
      expect(code, stdout + stderr).to.equal(0);
      expect(stdout).to.match(
        /^no changes; [0-9]+ entries made by the runtime hidden \(--runtime\); every layer was read\n/,
      );
    });

    it(`finds what an intruder changed, hid and deleted, on ${node}`, async () => {
      const before = await accessTimes(node);
      const { code, stdout, stderr } = await diff(`pod/${names.busy}-${node}`, '-o', 'json');
      expect(code, stderr).to.equal(1);
      const [container] = (JSON.parse(stdout) as PodDiff).containers;
      expect(container?.blind).to.deep.equal([]);
      expect(linesOf(container)).to.deep.equal([
        'added /srv/a\\x0ab\\x1b[2J',
        'added /srv/up.php',
        'added /tmp/.x setuid executable',
        'deleted /etc/motd',
        'metadata /etc/shop.conf world-writable',
        'modified /usr/bin/curl executable mtime-spoofed',
        'process deleted /tmp/sleep',
      ]);
      expect(container?.mounts.find(({ path }) => path === '/data/shared')?.nodePath).to.match(
        /empty-dir\/shared$/,
      );
      expect(stdout + stderr).not.to.include('\u001b');
      const after = await accessTimes(node);
      expect(before.size).to.be.above(5);
      for (const [path, time] of before) expect(after.get(path) ?? time, path).to.equal(time);
    });
  }

  it('says that it is blind for an ended container', async () => {
    const { code, stdout, stderr } = await diff(`${names.ended}-node-a`);
    expect(code).to.equal(3);
    expect(stdout).to.match(/^no changes found; NOT everything was looked at in: web$/m);
    expect(stderr).to.match(/not looked at: web: container: it has ended/);
  });

  it('reads file capabilities with a collector that can', async () => {
    const { stdout, stderr } = await diff(
      `${names.quiet}-node-a`,
      '--collector-image',
      fullImage,
      '-o',
      'json',
    );
    const [container] = (JSON.parse(stdout) as PodDiff).containers;
    expect(container?.summary.capabilities, stderr).to.equal(fullImage !== plainImage);
  });

  it('keeps the changed files and everything it saw in the case, and nothing in the cluster', async () => {
    const acquisitions = join(dir, 'case/data/acquisitions');
    const found = (await readdir(acquisitions)).filter((name) => name.includes(`${names.busy}-node-a`));
    const acquisition = await openAcquisition(join(acquisitions, found[0] ?? ''));
    const kept = acquisition.items.find((item) =>
      /^\[root\]\/.*\/fs\/srv\/up\.php$/.test(itemName(item).toString()),
    );
    expect(kept).to.include({ outcome: 'ok' });
    if (kept !== undefined) expect((await acquisition.bytes(kept, 100)).toString()).to.equal('<?php evil');
    expect(acquisition.info.outcome).to.equal('complete');
    const uid = await kubectl([
      'get',
      'pod',
      `${names.busy}-node-a`,
      '-n',
      namespace,
      '-o',
      'jsonpath={.metadata.uid}',
    ]);
    const left = await kubectl(['get', 'pods', '-A', '-l', `kubectl-ir/pod-uid=${uid}`, '-o', 'name']);
    expect(left).to.equal('');
  });

  it('names what is wrong with a target', async () => {
    const unknown = await diff('qiet-node-a');
    expect(unknown.code).to.equal(3);
    expect(unknown.stderr).to.match(
      /^error: pod "qiet-node-a" not found in namespace "e2e-diff"; nearest: quiet-node-a$/m,
    );
    const container = await diff(`${names.quiet}-node-a`, '-c', 'wep');
    expect(container.stderr).to.match(/^error: pod "quiet-node-a" has no container "wep"$/m);
    expect((await diff('deploy/x')).code).to.equal(2);
  });
});

/** Access times of the interesting paths of all layers on a node's disk; layers of other pods come and go. */
async function accessTimes(node: string): Promise<Map<string, string>> {
  const { stdout } = await onNode(
    node,
    `find /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots -xdev -path '*/fs/*' \\
      -regex '.*/\\(curl\\|motd\\|shop.conf\\|up.php\\|.x\\|srv\\|tmp\\|etc\\|bin\\)' -exec stat -c '%x %n' {} +`,
  );
  return new Map(
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(line.indexOf('/')), line.slice(0, line.indexOf('/'))]),
  );
}

function linesOf(container: ContainerDiff | undefined): string[] {
  const own = (change: Change): boolean => !change.flags.includes('runtime') && change.type !== 'directory';
  return [
    ...(container?.changes ?? [])
      .filter(own)
      .map(({ change, path, flags }) => [change, path, ...flags].join(' ')),
    ...(container?.processes ?? []).map(({ reason, executable }) => `process ${reason} ${executable}`),
  ].sort();
}
