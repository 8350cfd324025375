import { expect } from 'chai';
import { driverOfRoot, sandboxed, sandboxOf, servedBy, unreadDriver } from '../../src/filesystem/drivers.ts';
import { readMounts } from '../../src/filesystem/mounts.ts';

const hex = 'a'.repeat(64);
const mounts = (text: string): ReturnType<typeof readMounts> => readMounts(Buffer.from(text));

describe('storage drivers', () => {
  for (const driver of [
    'btrfs',
    'zfs',
    'devmapper',
    'blockfile',
    'erofs',
    'stargz',
    'nydus',
    'fuse-overlayfs',
    'ext4',
  ])
    it(`${driver} is blind with a reason and what to do instead`, () => {
      const { why, instead } = unreadDriver(driver);
      expect(why).to.include(`its storage is ${driver}`);
      expect(instead).to.match(/image/);
    });

  const roots: readonly (readonly [string, string])[] = [
    ['/var/lib/containerd/io.containerd.snapshotter.v1.native/snapshots/7 / rw - ext4 /dev/sda rw', 'native'],
    ['/x/io.containerd.snapshotter.v1.btrfs/snapshots/7 / rw - btrfs /dev/sdb rw', 'btrfs'],
    ['/x/io.containerd.snapshotter.v1.overlayfs/snapshots/7/fs / rw - ext4 /dev/sda rw', 'overlay'],
    [`/var/lib/docker/vfs/dir/${hex} / rw - ext4 /dev/sda rw`, 'vfs'],
    ['/ / rw - fuse.fuse-overlayfs fuse-overlayfs rw', 'fuse-overlayfs'],
    ['/ / rw - ext4 /dev/mapper/containerd-pool-snap-7 rw', 'devmapper'],
    ['/rootfs / rw - zfs tank/docker/7 rw', 'zfs'],
    ['/rootfs / rw - ext4 /dev/sda rw', 'ext4'],
  ];
  for (const [line, driver] of roots)
    it(`${driver} is told by the mount ${line.slice(0, 60)}`, () => {
      const [mount] = mounts(`10 5 8:1 ${line}\n`);
      expect(mount === undefined ? '' : driverOfRoot(mount)).to.equal(driver);
    });

  it('tells layers that a program of the node serves', () => {
    const table = mounts(
      '10 5 0:50 / /data/s/snapshots/3/fs rw - fuse.rawBridge stargz rw\n11 5 7:1 / /e/4/fs ro - erofs /dev/loop1 ro\n',
    );
    expect(servedBy(['/a/snapshots/9/fs', '/data/s/snapshots/3/fs'], table)).to.equal('fuse.rawBridge');
    expect(servedBy(['/e/4/fs'], table)).to.equal('erofs');
    expect(servedBy(['/var/lib/containerd-stargz-grpc/snapshotter/snapshots/3/fs'], [])).to.equal('stargz');
    expect(servedBy(['/var/lib/containerd/io.containerd.snapshotter.v1.nydus/snapshots/3/fs'], [])).to.equal(
      'nydus',
    );
    expect(
      servedBy(['/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/3/fs'], table),
    ).to.equal(undefined);
  });

  it('tells sandboxes by the names of runtimes and classes', () => {
    expect(
      [
        'io.containerd.runsc.v1',
        'gvisor',
        'io.containerd.kata.v2',
        'kata-qemu',
        'io.containerd.runc.v2',
        '',
      ].map(sandboxOf),
    ).to.deep.equal(['gVisor', 'gVisor', 'Kata', 'Kata', undefined, undefined]);
    expect(sandboxed('gVisor')).to.deep.include({ why: 'gVisor keeps its file system inside a sandbox' });
    expect(sandboxed('Kata').instead).not.to.include('runsc');
  });
});
