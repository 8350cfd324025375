import { expect } from 'chai';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { itemName } from '../../src/evidence/item-record.ts';
import { openAcquisition } from '../../src/evidence/reader.ts';
import type { ContainerDiffData, PodDiffData } from '../../src/filesystem/pod-diff.ts';
import { image, imageOf } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from './support/workload.ts';
import { kubectl, kubectlIr, nodeNames } from './support/world.ts';

const namespace = 'e2e-diff-tricks';
const nodes = await nodeNames();

/** Runs busybox from memory alone, by memfd_create(2), whose number is that of this machine's kernel. */
const memoryProgram = `
my $name = "kworker"; my $fd = syscall(${process.arch === 'arm64' ? 279 : 319}, $name, 0);
open(my $from, "<", "/bin/busybox"); open(my $to, ">&=", $fd); select($to); $| = 1; undef $/; print <$from>;
exec {"/proc/self/fd/$fd"} "sleep", "3604"`;

/** What an intruder with CAP_SYS_ADMIN does so that no comparison of disks shows it; each process stays, and has done its own when it sleeps. */
const tricks = `set -e
mkdir -p /opt/hide /opt/empty; echo loot >/opt/hide/tool; mount -o bind /opt/empty /opt/hide
(exec 7>/tmp/loot; echo stolen >&7; rm /tmp/loot; exec sleep 3601) >/dev/null 2>&1 &
cp /bin/busybox /dev/shm/tool; echo note >/dev/shm/note
(unshare -m sh -c 'mkdir -p /mnt; mount -t tmpfs none /mnt; cp /bin/busybox /mnt/tool; exec sleep 3602') >/dev/null 2>&1 &
cp /bin/busybox /tmp/sleep; /tmp/sleep 3603 >/dev/null 2>&1 &
(exec perl -e '${memoryProgram}') >/dev/null 2>&1 &
echo kept >/data/shared/kept; chmod 755 /data/shared/kept
setcap cap_net_raw+ep /usr/bin/openssl
truncate -s 1024G /var/sparse; mkfifo /var/pipe; ln -s /proc/1/root/etc /var/way-out
for seconds in 3601 3602 3603 3604; do
  until ps -o args | grep -qE "(^|[ /])sleep $seconds$"; do sleep 0.1; done
done`;

describe('what hides from a comparison of disks', function () {
  requires(this, image('collector-full'), image('toolbox'));
  this.timeout(300_000);
  let dir: string;
  const found = new Map<string, ContainerDiffData>();
  /** Names and sizes of what `--content` put into the case. */
  const kept = new Map<string, ReadonlyMap<string, number>>();

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-diff-tricks-'));
    await createNamespace(namespace);
    const options = {
      image: imageOf('toolbox'),
      container: { name: 'app', securityContext: { capabilities: { add: ['SYS_ADMIN'] } } },
      command: ['sleep', '3600'],
      volume: '/data/shared',
    };
    await apply(
      namespace,
      nodes.map((node) => pod(`tricks-${node}`, { ...options, node })),
    );
    await untilReady(
      namespace,
      nodes.map((node) => `tricks-${node}`),
    );
    for (const node of nodes) {
      const name = `tricks-${node}`;
      await kubectl(['exec', '-n', namespace, name, '--', 'sh', '-c', tricks]);
      const words = [
        'diff',
        'pod',
        name,
        '-n',
        namespace,
        '--case',
        join(dir, 'case'),
        '-o',
        'json',
        '--content',
      ];
      const { stdout, stderr } = await kubectlIr([...words, '--collector-image', imageOf('collector-full')]);
      const [container] = (JSON.parse(stdout) as PodDiffData).containers;
      if (container === undefined) throw new Error(stderr);
      found.set(node, container);
      kept.set(node, await itemsOf(join(dir, 'case/data/acquisitions'), name));
    }
  });
  after(async () => {
    await rm(dir, { recursive: true, force: true });
    await removeNamespaces(namespace);
  });

  for (const node of nodes) {
    it(`is read whole on ${node}`, () => {
      expect(found.get(node)?.blind).to.deep.equal([]);
    });
    it(`shows what lies under a mount on ${node}`, () => {
      const tool = found.get(node)?.changes.find(({ path }) => path === '/opt/hide/tool');
      expect(tool).to.deep.include({ change: 'added', flags: ['shadowed'] });
      expect(found.get(node)?.mounts.map(({ path }) => path)).to.include('/opt/hide');
    });
    it(`shows a file that is deleted and open on ${node}`, () => {
      const loot = found.get(node)?.openFiles.find(({ path }) => path === '/tmp/loot');
      expect(loot).to.include({ reason: 'deleted', size: 7, descriptor: 7 });
    });
    it(`shows what lies in memory and on a volume on ${node}`, () => {
      const contentOf = (path: string): unknown[] | undefined =>
        found
          .get(node)
          ?.mounts.find((mount) => mount.path === path)
          ?.content?.entries.map((entry) => entry.path)
          .sort();
      expect(contentOf('/dev/shm')).to.deep.equal(['/dev/shm/note', '/dev/shm/tool']);
      expect(contentOf('/data/shared')).to.deep.equal(['/data/shared/kept']);
    });
    it(`shows a mount that only one process sees, and what is in it, on ${node}`, () => {
      const [own, ...others] = found.get(node)?.namespaces ?? [];
      expect(others).to.deep.equal([]);
      const mount = own?.mounts.find(({ path }) => path === '/mnt');
      expect(mount).to.include({ type: 'tmpfs' });
      expect(mount?.content).to.deep.include({ newer: 1, readFrom: 'process' });
      expect(mount?.content?.entries[0]).to.include({ path: '/mnt/tool' });
    });
    it(`shows a process that runs from memory alone, and keeps its program, on ${node}`, () => {
      const process = found.get(node)?.processes.find(({ reason }) => reason === 'memfd');
      expect(process).to.include({ executable: '/memfd:kworker' });
      expect(kept.get(node)?.get(`live_response/process/${process?.pid ?? 0}/exe`)).to.be.above(100_000);
    });
    it(`shows file capabilities that a program of the image was given on ${node}`, () => {
      const openssl = found.get(node)?.changes.find(({ path }) => path === '/usr/bin/openssl');
      expect(openssl).to.deep.include({ change: 'metadata', flags: ['capabilities', 'executable'] });
    });
    it(`neither reads a file of a terabyte nor a pipe, and follows no link, on ${node}`, () => {
      const changes = found.get(node)?.changes ?? [];
      const [sparse, pipe, link] = ['/var/sparse', '/var/pipe', '/var/way-out'].map((path) =>
        changes.find((change) => change.path === path),
      );
      expect(sparse)
        .to.include({ change: 'added', size: 1024 ** 4 })
        .and.not.to.have.property('sha256');
      expect(pipe).to.include({ change: 'added', type: 'fifo' });
      expect(link).to.include({ type: 'symlink', target: '/proc/1/root/etc' });
      const names = [...(kept.get(node)?.keys() ?? [])];
      expect(names.filter((name) => name.includes('/fs/var/'))).to.deep.equal([]);
    });
    it(`shows a process that runs what the container brought on ${node}`, () => {
      const process = found.get(node)?.processes.find(({ executable }) => executable === '/tmp/sleep');
      expect(process).to.include({ reason: 'changed' });
    });
  }
});

/** Sizes of the items of the acquisition of one pod, by their names. */
async function itemsOf(acquisitions: string, pod: string): Promise<Map<string, number>> {
  const directory = (await readdir(acquisitions)).find((name) => name.includes(pod)) ?? '';
  const { items } = await openAcquisition(join(acquisitions, directory));
  return new Map(items.map((item) => [itemName(item).toString(), item.size]));
}
