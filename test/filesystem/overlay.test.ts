import { expect } from 'chai';
import { overlayLayers, rootMount } from '../../src/filesystem/overlay.ts';

const base = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots';
const line = (options: string, id = 10, parent = 5): string =>
  `${id} ${parent} 0:40 / / rw - overlay overlay ${options}\n`;

describe('layers of an overlay', () => {
  for (const [what, options, lowers] of [
    [
      'absolute',
      `rw,lowerdir=${base}/2/fs:${base}/1/fs,upperdir=${base}/3/fs,workdir=${base}/3/work`,
      [`${base}/2/fs`, `${base}/1/fs`],
    ],
    [
      'relative, of many layers',
      `rw,lowerdir=2/fs:1/fs,upperdir=${base}/3/fs,workdir=x,index=off`,
      [`${base}/2/fs`, `${base}/1/fs`],
    ],
    ['one option each', `rw,lowerdir+=/a:b,lowerdir+=/c,upperdir=${base}/3/fs`, ['/a:b', '/c']],
    [
      'with commas, colons and backslashes',
      `rw,lowerdir=/a\\054b:/c\\134:d:/e,upperdir=${base}/3/fs`,
      ['/a,b', '/c:d', '/e'],
    ],
    ['of dockerd', `rw,lowerdir=l/AA:l/BB,upperdir=${base}/x/diff`, [`${base}/l/AA`, `${base}/l/BB`]],
  ] as const)
    it(what, () => {
      const upper = what === 'of dockerd' ? `${base}/x/diff` : `${base}/3/fs`;
      expect(overlayLayers(options)).to.deep.equal({ upper, lowers, userAttributes: false });
    });
  it('in a user namespace', () => {
    expect(overlayLayers('rw,lowerdir=/a,upperdir=/u/1/fs,userxattr')).to.have.property(
      'userAttributes',
      true,
    );
  });
  for (const [what, options, reason] of [
    ['a writable layer', 'ro,lowerdir=/a:/b', 'its overlay has no writable layer'],
    [
      'an absolute writable layer',
      'rw,lowerdir=/a,upperdir=x/diff',
      'its writable layer has a relative path',
    ],
    [
      'data-only layers',
      'rw,lowerdir=/a::/d,upperdir=/u/fs',
      'its image uses data-only layers, which cannot be read yet',
    ],
    ['an image', 'rw,upperdir=/u/fs', 'its overlay names no layers of an image'],
  ] as const)
    it(`not without or with ${what}`, () => expect(overlayLayers(options)).to.equal(reason));
});

describe('the root mount', () => {
  it('is blind for other file systems', () => {
    const root = rootMount(Buffer.from('10 5 8:1 /var/lib/x/native/snapshots/7 / rw - ext4 /dev/sda rw\n'));
    expect(root.layers).to.equal(undefined);
    expect(root.driver).to.equal('ext4');
    expect(root.unread?.why).to.equal(
      "its storage is ext4, not overlay: changes can't be told from the image",
    );
  });
  it('is the one below when something was mounted over /', () => {
    const table =
      line('rw,lowerdir=/evil,upperdir=/e/1/fs', 20, 10) + line('rw,lowerdir=/a,upperdir=/u/1/fs');
    const root = rootMount(Buffer.from(table));
    expect(root.layers?.upper).to.equal('/u/1/fs');
    expect(root.blind.map(({ what }) => what)).to.deep.equal(['the overlay mounted over /']);
  });
  it('is not known from an empty table', () => {
    expect(rootMount(Buffer.alloc(0)).unread?.why).to.equal('its mount table names no root');
  });
});
