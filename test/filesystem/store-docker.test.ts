import { expect } from 'chai';
import { dockerContainers } from '../../src/filesystem/store-docker.ts';
import type { StoredContainer } from '../../src/filesystem/stored-container.ts';
import { memoryFiles } from './memory-files.ts';

const [id, mount] = ['d'.repeat(64), 'e'.repeat(64)];
const root = '/data/docker';
const link = `l/${'A'.repeat(26)}`;
const config = (driver: string): string =>
  JSON.stringify({
    ID: id,
    Driver: driver,
    Config: { Image: 'shop:1' },
    State: { StartedAt: '2026-11-22T04:12:07Z' },
  });
const layerdb = (driver: string, more: Record<string, string> = {}): Record<string, string> => ({
  [`${root}/containers/${id}/config.v2.json`]: config(driver),
  [`${root}/image/${driver}/layerdb/mounts/${id}/mount-id`]: mount,
  [`${root}/image/${driver}/layerdb/mounts/${id}/init-id`]: `${mount}-init`,
  ...more,
});

describe('the containers of a dockerd', () => {
  const find = async (files: Record<string, string>): Promise<StoredContainer | undefined> =>
    (await dockerContainers(memoryFiles(files), { kind: 'docker', root }, [id, 'short'])).containers[0];

  it('have the directories of overlay2', async () => {
    const found = await find(layerdb('overlay2', { [`${root}/overlay2/${mount}/lower`]: `${link}:${link}` }));
    expect(found).to.deep.include({ runtime: 'docker', image: 'shop:1', driver: 'overlay' });
    expect(found?.layers).to.deep.equal({
      upper: `${root}/overlay2/${mount}/diff`,
      lowers: [`${root}/overlay2/${link}`, `${root}/overlay2/${link}`],
      userAttributes: false,
    });
    expect(found?.started).to.equal(BigInt(Date.parse('2026-11-22T04:12:07Z')) * 1_000_000n);
  });

  it('of vfs are a copy of their first layer', async () => {
    expect((await find(layerdb('vfs')))?.layers).to.deep.equal({
      upper: `${root}/vfs/dir/${mount}`,
      lowers: [`${root}/vfs/dir/${mount}-init`],
      userAttributes: false,
      copy: true,
    });
  });

  it('are left to containerd where it keeps the layers', async () => {
    expect(await find(layerdb('overlayfs'))).to.equal(undefined);
  });

  const mountId = `${root}/image/overlay2/layerdb/mounts/${id}/mount-id`;
  const blind: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    ['another driver', layerdb('btrfs'), /^its storage is btrfs/],
    ['a driver with a hostile name', layerdb('../../\x1b[2J'), /^its storage is \.\.\/\.\.\/\\x1b/],
    ['no list of lower layers', layerdb('overlay2'), /missing or damaged$/],
    [
      'a list that leads elsewhere',
      layerdb('overlay2', { [`${root}/overlay2/${mount}/lower`]: '../../etc' }),
      /missing or damaged$/,
    ],
    [
      'a layer id that is a path',
      layerdb('overlay2', { [mountId]: '../../etc' }),
      /does not name its layer$/,
    ],
    ['no layer id', layerdb('overlay2', { [mountId]: '' }), /does not name its layer$/],
  ];
  for (const [what, files, why] of blind)
    it(`are blind with ${what}`, async () => {
      expect((await find(files))?.layers)
        .to.have.property('why')
        .that.matches(why);
    });
});
