import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { StoredSearch, Wanted } from '../../src/filesystem/find-stored.ts';
import { findStored, storedOf } from '../../src/filesystem/find-stored.ts';
import type { LocalNode } from '../collector/local-node.ts';
import { localNode, MemorySink } from '../collector/local-node.ts';
import { metadataFile, snapshotsFile } from './containerd-databases.ts';
import { localCollector } from './local-collector.ts';

const [moved, double, podman] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const snapshotter = 'io.containerd.snapshotter.v1.overlayfs/metadata.db';
const snapshots = snapshotsFile({
  [`k8s.io/1/${moved}`]: [9, 'x'],
  [`k8s.io/1/${double}`]: [8, 'x'],
  x: [1],
});
const metadata = metadataFile([{ id: moved }, { id: double }]);

describe("what a node's runtimes keep", function () {
  this.timeout(30_000);
  let tree: string;
  let local: LocalNode;
  before(() => {
    tree = mkdtempSync(join(tmpdir(), 'kubectl-ir-node-'));
    local = localNode(tree);
    const put = (path: string, content: string | Buffer): void => {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), content);
    };
    put('disk/containerd/io.containerd.metadata.v1.bolt/meta.db', metadata);
    put(`disk/containerd/${snapshotter}`, snapshots);
    mkdirSync(join(tree, 'var/lib'), { recursive: true });
    symlinkSync('/disk/containerd', join(tree, 'var/lib/containerd'));
    put('etc/containerd/config.toml', 'root = "/disk/other"\n');
    put('disk/other/io.containerd.metadata.v1.bolt/meta.db', metadataFile([{ id: double }]));
    put(`disk/other/${snapshotter}`, snapshotsFile({ [`k8s.io/1/${double}`]: [5] }));
    put('etc/containers/storage.conf', '[storage]\ngraphroot = "/disk/graph"\n');
    const layer = 'd'.repeat(64);
    put('disk/graph/overlay-containers/containers.json', JSON.stringify([{ id: podman, layer }]));
    put(`disk/graph/overlay/${layer}/lower`, `l/${'A'.repeat(26)}`);
    put('disk/graph/vfs-containers/containers.json', '[[[[');
  });
  after(() => {
    local.remove();
    rmSync(tree, { recursive: true, force: true });
  });
  const find = (...wanted: Wanted[]): Promise<StoredSearch> =>
    findStored(localCollector(local), wanted, undefined, {
      sink: new MemorySink(),
      signal: new AbortController().signal,
    });

  it('is found where links and configuration lead, each place once', async () => {
    const search = await find({ id: moved, runtime: 'containerd' });
    expect(search.searched).to.have.members(['/disk/other', '/disk/containerd']);
    expect(storedOf(search, moved)).to.have.property('layers').that.includes({
      upper: '/disk/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/9/fs',
    });
  });

  it('is looked for in every store when the runtime is not known', async () => {
    const search = await find({ id: podman.slice(0, 9), runtime: '' });
    expect(search.searched).to.have.members(['/disk/other', '/disk/graph', '/disk/containerd']);
    expect(storedOf(search, podman)).to.include({ runtime: 'podman' });
    expect(search.trouble).to.deep.equal([
      '/disk/graph/vfs-containers/containers.json: it is no list of containers',
    ]);
  });

  it('is blind where two stores differ, and says where it looked for what nobody knows', async () => {
    const search = await find(
      { id: double, runtime: 'containerd' },
      { id: 'f'.repeat(64), runtime: 'cri-o' },
    );
    expect(storedOf(search, double))
      .to.have.property('why')
      .that.matches(/^two runtimes on the node/);
    expect(storedOf(search, 'f'.repeat(64)))
      .to.have.property('why')
      .that.matches(
        /names it; searched: .*; \/disk\/graph\/vfs-containers\/containers\.json: it is no list of containers$/,
      );
  });
});
