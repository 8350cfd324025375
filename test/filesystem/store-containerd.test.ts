import { expect } from 'chai';
import { containerdContainers } from '../../src/filesystem/store-containerd.ts';
import type { StoredContainer } from '../../src/filesystem/stored-container.ts';
import { metadataFile, snapshotsFile } from './containerd-databases.ts';
import { memoryFiles } from './memory-files.ts';

const id = 'a'.repeat(64);
const root = '/data/containerd';
const meta = `${root}/io.containerd.metadata.v1.bolt/meta.db`;
const overlayfs = `${root}/io.containerd.snapshotter.v1.overlayfs`;
const native = `${root}/io.containerd.snapshotter.v1.native`;
const snapshots = snapshotsFile({ [`k8s.io/1/${id}`]: [9, 'b'], b: [4, 'a'], a: [1] });
const store = { kind: 'containerd', root } as const;

describe('the containers of a containerd', () => {
  const find = async (
    databases: Record<string, Buffer | string>,
    files: Record<string, string> = {},
  ): Promise<StoredContainer | undefined> =>
    (await containerdContainers(memoryFiles(files, databases), store, [id])).containers[0];

  it('have the directories of their snapshots, mounts, and their start', async () => {
    const spec = {
      mounts: [{ destination: '/data', type: 'bind', source: '/v', options: ['rbind'] }],
      annotations: { k: 'spec' },
    };
    const labels = { 'io.kubernetes.pod.name': 'shop' };
    const found = await find(
      { [meta]: metadataFile([{ id, spec, labels }]), [`${overlayfs}/metadata.db`]: snapshots },
      {
        [`${root}/io.containerd.grpc.v1.cri/containers/${id}/status`]:
          '{"Version":"v1","Status":{"Pid":7,"StartedAt":1795000000123456789,"FinishedAt":1}}',
      },
    );
    expect(found).to.deep.equal({
      id,
      runtime: 'containerd',
      image: 'shop:1',
      labels: { k: 'spec', ...labels },
      driver: 'overlay',
      layers: {
        upper: `${overlayfs}/snapshots/9/fs`,
        lowers: [`${overlayfs}/snapshots/4/fs`, `${overlayfs}/snapshots/1/fs`],
        userAttributes: false,
      },
      mounts: [{ destination: '/data', type: 'bind', source: '/v', readOnly: false }],
      started: 1795000000123456789n,
    });
  });

  it('of the native snapshotter are a full copy of the one below', async () => {
    const found = await find({
      [meta]: metadataFile([{ id, snapshotter: 'native' }]),
      [`${native}/metadata.db`]: snapshots,
    });
    expect(found?.layers).to.deep.equal({
      upper: `${native}/snapshots/9`,
      lowers: [`${native}/snapshots/4`],
      userAttributes: false,
      copy: true,
    });
  });

  it('may lie where the snapshotter was told to', async () => {
    const databases = { [meta]: metadataFile([{ id }]), '/fast/metadata.db': snapshots };
    const { containers } = await containerdContainers(
      memoryFiles({}, databases),
      { ...store, snapshotters: { overlayfs: '/fast' } },
      [id.slice(0, 5)],
    );
    expect(containers[0]?.layers).to.include({ upper: '/fast/snapshots/9/fs' });
  });

  const blind: readonly (readonly [string, Record<string, Buffer | string>, RegExp])[] = [
    [
      'another snapshotter',
      { [meta]: metadataFile([{ id, snapshotter: 'devmapper' }]) },
      /^its storage is devmapper: /,
    ],
    [
      'a snapshotter with a hostile name',
      { [meta]: metadataFile([{ id, snapshotter: '../../etc\n\x1b[2J' }]) },
      /^its storage is \.\.\/\.\.\/etc\\x0a\\x1b\[2J, not overlay/,
    ],
    [
      'a sandbox',
      { [meta]: metadataFile([{ id, runtime: 'io.containerd.kata.v2' }]) },
      /^Kata keeps its file system/,
    ],
    ['no database of its snapshotter', { [meta]: metadataFile([{ id }]) }, /overlayfs, is not there$/],
    [
      'a torn database of its snapshotter',
      {
        [meta]: metadataFile([{ id }]),
        [`${overlayfs}/metadata.db`]: 'the runtime wrote it each time it was read',
      },
      /could not be read: the runtime wrote it/,
    ],
    [
      'a cut database of its snapshotter',
      { [meta]: metadataFile([{ id }]), [`${overlayfs}/metadata.db`]: snapshots.subarray(0, 9000) },
      /^the bolt database cannot be read: /,
    ],
    [
      'a snapshot that is gone',
      { [meta]: metadataFile([{ id, snapshot: 'gone' }]), [`${overlayfs}/metadata.db`]: snapshots },
      /does not know its snapshot any more$/,
    ],
  ];
  for (const [what, databases, why] of blind)
    it(`are blind with ${what}`, async () => {
      expect((await find(databases))?.layers)
        .to.have.property('why')
        .that.matches(why);
    });

  it('are none where nothing is, where others are, and where docker keeps the layers', async () => {
    expect(await find({})).to.equal(undefined);
    expect(await find({ [meta]: metadataFile([{ id: 'b'.repeat(64) }]) })).to.equal(undefined);
    expect(await find({ [meta]: metadataFile([{ id, namespace: 'moby', snapshotter: '' }]) })).to.equal(
      undefined,
    );
  });

  it('are never looked for under an id that is a path', async () => {
    const node = memoryFiles({}, { [meta]: metadataFile([{ id: `${id}/../../x` }]) });
    expect((await containerdContainers(node, store, [id])).containers).to.deep.equal([]);
    expect(node.asked.filter((path) => path.includes('..'))).to.deep.equal([]);
  });

  it('are trouble, and not absent, when the metadata can not be read', async () => {
    for (const bytes of [
      'larger than 5 bytes',
      Buffer.alloc(9000),
      metadataFile([{ id }]).subarray(0, 9000),
    ]) {
      const node = memoryFiles({}, { [meta]: bytes });
      const answer = await containerdContainers(node, store, [id]);
      expect(answer.containers).to.deep.equal([]);
      expect(answer.trouble[0]).to.match(
        /^\/data\/containerd\/io\.containerd\.metadata\.v1\.bolt\/meta\.db: /,
      );
    }
  });
});
