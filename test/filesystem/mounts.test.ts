import { expect } from 'chai';
import { containerMounts, mountPoints, readMounts, volumes } from '../../src/filesystem/mounts.ts';

const table = Buffer.from(`1 0 0:40 / / rw - overlay overlay rw
2 1 0:41 / /proc rw - proc proc rw
3 2 0:41 /sys /proc/sys ro - proc proc rw
4 1 0:42 / /dev rw - tmpfs tmpfs rw
5 4 0:43 / /dev/shm rw - tmpfs shm rw
6 1 7:1 /lib/kubelet/pods/u/etc-hosts /etc/hosts rw - ext4 /dev/loop1 rw
7 1 7:1 /lib/kubelet/pods/u/volumes/e/data /data\\012x rw - ext4 /dev/loop1 rw
8 1 8:9 /elsewhere /host ro - xfs /dev/x rw
broken line
`);
const nodeTable = Buffer.from(
  '20 1 7:1 / /mnt/disk rw - ext4 /dev/loop1 rw\n21 1 7:1 /lib /var/lib rw - ext4 /dev/loop1 rw\n',
);

describe('mounts of a container', () => {
  it('are told with their place on the node', () => {
    const mounts = containerMounts(readMounts(table), nodeTable);
    expect(mounts.map(({ path, nodePath }) => [path, nodePath])).to.deep.equal([
      ['/dev/shm', undefined],
      ['/etc/hosts', '/var/lib/kubelet/pods/u/etc-hosts'],
      ['/data\\x0ax', '/var/lib/kubelet/pods/u/volumes/e/data'],
      ['/host', undefined],
    ]);
    expect(mounts.at(-1)).to.include({ readOnly: true, type: 'xfs', source: '/dev/x' });
    expect(volumes(mounts).map(({ path }) => path)).to.deep.equal(['/data\\x0ax', '/host']);
  });
  it('have all their points for the judgement', () => {
    expect([...mountPoints(readMounts(table))]).to.include.members(['/proc/sys', '/dev/shm', '/data\nx']);
    expect(mountPoints(readMounts(table)).has('/')).to.equal(false);
  });
});
