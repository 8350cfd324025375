import { expect } from 'chai';
import { storageContainers } from '../../src/filesystem/store-containers.ts';
import type { StoredContainer } from '../../src/filesystem/stored-container.ts';
import { memoryFiles } from './memory-files.ts';

const [id, layer, parent] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const root = '/var/lib/containers/storage';
const link = `l/${'A'.repeat(26)}`;
const store = { kind: 'containers', root } as const;
const listed = (driver: string, file = 'containers.json'): Record<string, string> => ({
  [`${root}/${driver}-containers/${file}`]: JSON.stringify([
    { id, layer, created: '2026-11-22T04:12:07Z', metadata: '{"image-name":"shop:1"}' },
  ]),
});
const lower = { [`${root}/overlay/${layer}/lower`]: link };
const spec = (annotations: Record<string, string>): Record<string, string> => ({
  [`${root}/overlay-containers/${id}/userdata/config.json`]: JSON.stringify({
    annotations,
    mounts: [{ destination: '/run/secrets', type: 'bind', source: '/s', options: ['bind', 'ro'] }],
  }),
});

describe('the containers of CRI-O and podman', () => {
  const find = async (files: Record<string, string>): Promise<StoredContainer | undefined> =>
    (await storageContainers(memoryFiles(files), store, [id.slice(0, 12)])).containers[0];

  it('have the directories of overlay', async () => {
    const found = await find({ ...listed('overlay'), ...lower });
    expect(found).to.deep.equal({
      id,
      runtime: 'podman',
      image: 'shop:1',
      labels: {},
      driver: 'overlay',
      layers: {
        upper: `${root}/overlay/${layer}/diff`,
        lowers: [`${root}/overlay/${link}`],
        userAttributes: false,
      },
      mounts: [],
      started: BigInt(Date.parse('2026-11-22T04:12:07Z')) * 1_000_000n,
    });
  });

  it('of CRI-O have the labels and mounts of their specification', async () => {
    const annotations = { 'io.container.manager': 'cri-o', 'io.kubernetes.pod.name': 'shop' };
    const found = await find({
      ...listed('overlay', 'volatile-containers.json'),
      ...lower,
      ...spec(annotations),
    });
    expect(found).to.deep.include({ runtime: 'cri-o', labels: annotations });
    expect(found?.mounts.map(({ destination }) => destination)).to.deep.equal(['/run/secrets']);
  });

  it('of vfs are a copy of their parent', async () => {
    const layers = { [`${root}/vfs-layers/layers.json`]: JSON.stringify([{ id: layer, parent }]) };
    expect((await find({ ...listed('vfs'), ...layers }))?.layers).to.deep.equal({
      upper: `${root}/vfs/dir/${layer}`,
      lowers: [`${root}/vfs/dir/${parent}`],
      userAttributes: false,
      copy: true,
    });
  });

  const sandbox = { 'io.container.manager': 'cri-o', 'io.kubernetes.cri-o.RuntimeHandler': 'kata' };
  const blind: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    ['no list of lower layers', listed('overlay'), /missing or damaged$/],
    [
      'a list that leads elsewhere',
      { ...listed('overlay'), [`${root}/overlay/${layer}/lower`]: 'l/../../../etc' },
      /missing or damaged$/,
    ],
    ['btrfs', listed('btrfs'), /^its storage is btrfs/],
    ['an unknown layer of vfs', listed('vfs'), /layers\.json does not name its layer/],
    ['a sandbox', { ...listed('overlay'), ...lower, ...spec(sandbox) }, /^Kata keeps/],
  ];
  for (const [what, files, why] of blind)
    it(`are blind with ${what}`, async () => {
      expect((await find(files))?.layers)
        .to.have.property('why')
        .that.matches(why);
    });

  it('are trouble when the list is cut or hostile, and others are still found', async () => {
    const cut = { [`${root}/vfs-containers/containers.json`]: '[{"id":"' };
    const answer = await storageContainers(memoryFiles({ ...cut, ...listed('overlay'), ...lower }), store, [
      id,
    ]);
    expect(answer.trouble).to.deep.equal([
      `${root}/vfs-containers/containers.json: it is no list of containers`,
    ]);
    expect(answer.containers).to.have.length(1);
    const node = memoryFiles({
      [`${root}/overlay-containers/containers.json`]: JSON.stringify([{ id, layer: '../../etc' }]),
    });
    expect((await storageContainers(node, store, [id])).containers).to.deep.equal([]);
    expect(node.asked.filter((path) => path.includes('..'))).to.deep.equal([]);
  });
});
