import { expect } from 'chai';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { itemName } from '../../src/evidence/item-record.ts';
import { openAcquisition } from '../../src/evidence/reader.ts';
import type { Change, ContainerDiffData, PodDiffData } from '../../src/filesystem/pod-diff.ts';
import type { Outcome } from '../cluster/run.ts';
import { image, imageOf, nodeShell } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { ours } from './support/traces.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from './support/workload.ts';
import { eventually, kubectl, kubectlIr, nodeNames, onNode } from './support/world.ts';

const namespace = 'e2e-diff';
const nodes = await nodeNames();
const [first = ''] = nodes;
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

function planted(node: string, name: string): object {
  return pod(`${name}-${node}`, {
    image: imageOf('shop'),
    container: { name: 'web' },
    command: name === names.ended ? ['true'] : ['sleep', '3600'],
    node,
    volume: '/data/shared',
    spec: { restartPolicy: 'Never' },
  });
}

/** Writes the time (proc_uptime(5)) twenty times a second; its probe leaves 19 s to be stopped in. */
function heart(node: string): object {
  const livenessProbe = { exec: { command: ['true'] }, periodSeconds: 10, failureThreshold: 3 };
  return pod(`heart-${node}`, {
    image: imageOf('shop'),
    container: { name: 'web', livenessProbe },
    command: ['sh', '-c', 'while :; do cat /proc/uptime >>/tmp/beats; sleep 0.05; done'],
    node,
  });
}

describe('kubectl ir diff pod', function () {
  requires(this, image('collector'), image('shop'));
  this.timeout(120_000);
  let dir: string;
  /** Access times on each node before anything of ours read there. */
  const times = new Map<string, Map<string, string>>();
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
      imageOf('collector'),
      ...flags,
    ]);

  const acquisitionOf = async (name: string): Promise<string> => {
    const acquisitions = join(dir, 'case/data/acquisitions');
    return join(acquisitions, (await readdir(acquisitions)).find((one) => one.includes(name)) ?? '');
  };

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-diff-'));
    await createNamespace(namespace);
    await apply(
      namespace,
      nodes.flatMap((node) => [heart(node), ...Object.values(names).map((name) => planted(node, name))]),
    );
    await untilReady(
      namespace,
      nodes.flatMap((node) => ['heart', names.quiet, names.busy].map((name) => `${name}-${node}`)),
    );
    for (const node of nodes)
      await kubectl(['exec', '-n', namespace, `${names.busy}-${node}`, '--', 'sh', '-c', attack]);
    if (nodeShell().met) for (const node of nodes) times.set(node, await accessTimes(node));
  });
  after(async () => {
    await rm(dir, { recursive: true, force: true });
    await removeNamespaces(namespace);
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
      const { code, stdout, stderr } = await diff(`pod/${names.busy}-${node}`, '-o', 'json', '--content');
      expect(code, stderr).to.equal(1);
      const [container] = (JSON.parse(stdout) as PodDiffData).containers;
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
        /empty-dir\/volume$/,
      );
      expect(stdout + stderr).not.to.include('\u001b');
    });
  }

  for (const node of nodes)
    it(`stops a pod while it looks at it, and never restarts it, on ${node}`, async () => {
      const name = `heart-${node}`;
      const { code, stdout, stderr } = await diff(name, '--freeze', '-o', 'name');
      expect(code, stderr).to.equal(1);
      expect(stdout).to.equal('web:/tmp/beats\n');
      expect(stderr).not.to.include('warning');
      const { info } = await openAcquisition(await acquisitionOf(name));
      const { freeze } = info.footprint as { freeze: { from: string; to: string; whole: boolean } };
      expect(freeze.whole).to.equal(true);
      const seconds = (Date.parse(freeze.to) - Date.parse(freeze.from)) / 1000;
      const before = await beatsOf(name);
      const gaps = before.slice(1).map((beat, i) => beat - (before[i] ?? beat));
      // The thaw comes some moments before we hear of it.
      expect(Math.max(...gaps))
        .to.be.above(seconds / 2)
        .and.above(0.2);
      await eventually('it goes on', async () => (await beatsOf(name)).length > before.length);
      const path = '{.status.containerStatuses[0].restartCount}';
      expect(await kubectl(['get', 'pod', name, '-n', namespace, '-o', `jsonpath=${path}`])).to.equal('0');
      const ended = await diff(`${names.ended}-${node}`, '--freeze');
      expect(ended.code, ended.stderr).to.equal(0);
    });

  it('finds nothing where an ended container changed nothing', async () => {
    const { code, stdout, stderr } = await diff(`${names.ended}-${first}`);
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout).to.match(/^no changes; [0-9]+ entries made by the runtime hidden/);
  });

  it('reads file capabilities with a collector that can', async function () {
    requires(this, image('collector-full'));
    const { stdout, stderr } = await diff(
      `${names.quiet}-${first}`,
      '--collector-image',
      imageOf('collector-full'),
      '-o',
      'json',
    );
    const [container] = (JSON.parse(stdout) as PodDiffData).containers;
    expect(container?.summary.capabilities, stderr).to.equal(true);
  });

  it('leaves access times as they were', async function () {
    requires(this, nodeShell());
    for (const node of nodes) {
      const before = times.get(node) ?? new Map<string, string>();
      const after = await accessTimes(node);
      expect(before.size).to.be.above(5);
      for (const [path, time] of before) expect(after.get(path) ?? time, path).to.equal(time);
    }
  });

  it('keeps the changed files and everything it saw in the case, and nothing in the cluster', async () => {
    const acquisition = await openAcquisition(await acquisitionOf(`${names.busy}-${first}`));
    const kept = acquisition.items.find((item) =>
      /^\[root\]\/.*\/fs\/srv\/up\.php$/.test(itemName(item).toString()),
    );
    expect(kept).to.include({ outcome: 'ok' });
    if (kept !== undefined) expect((await acquisition.bytes(kept, 100)).toString()).to.equal('<?php evil');
    expect(acquisition.info.outcome).to.equal('complete');
    expect(await ours()).to.deep.equal([]);
  });

  it('names what is wrong with a target', async () => {
    const unknown = await diff(`qiet-${first}`);
    expect(unknown.code).to.equal(3);
    expect(unknown.stderr).to.include(
      `error: pod "qiet-${first}" not found in namespace "e2e-diff"; nearest: quiet-${first}\n`,
    );
    const container = await diff(`${names.quiet}-${first}`, '-c', 'wep');
    expect(container.stderr).to.include(`error: pod "quiet-${first}" has no container "wep"\n`);
    expect((await diff('node/x')).code).to.equal(2);
    expect((await diff('deploy/x')).stderr).to.match(/deployments.apps "x" not found/);
  });
});

/** When a heart beat, in seconds since the start of its node. */
async function beatsOf(name: string): Promise<number[]> {
  const text = await kubectl(['exec', '-n', namespace, name, '--', 'cat', '/tmp/beats']);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => Number(line.split(' ')[0]));
}

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

function linesOf(container: ContainerDiffData | undefined): string[] {
  const own = (change: Change): boolean => !change.flags.includes('runtime') && change.type !== 'directory';
  return [
    ...(container?.changes ?? [])
      .filter(own)
      .map(({ change, path, flags }) => [change, path, ...flags].join(' ')),
    ...(container?.processes ?? []).map(({ reason, executable }) => `process ${reason} ${executable}`),
  ].sort();
}
