import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';

const script = join(import.meta.dirname, '../../src/collector/scripts/main.sh');
const fuse = `
import ctypes, os
fd = os.open('/dev/fuse', os.O_RDWR)
options = 'fd=%d,rootmode=40000,user_id=0,group_id=0' % fd
assert ctypes.CDLL(None).mount(b'-', b'host/silent', b'fuse.silent', 0, options.encode()) == 0`;
/** A root with mounts of a node below /host, in which a collector starts and ends itself; what it left out, and its mounts. */
const world = `set -e
mount -t tmpfs none /mnt
cd /mnt
mkdir bin dev proc spool host
mknod dev/null c 1 3
cp /bin/busybox bin/busybox
for name in sh cp grep sed awk umount mount sleep; do ln -s busybox "bin/$name"; done
cp "$1" main.sh
mount -t proc proc proc
mount -t tmpfs node host
mkdir host/plain 'host/named:nfs4 x' host/sourced host/silent
mount -t tmpfs none host/plain
mount -t tmpfs none 'host/named:nfs4 x'
mount -t tmpfs near:cifs host/sourced
python3 -c "$2"
inside() { chroot . /bin/busybox env PATH=/bin "$@"; }
inside sh /main.sh 0
echo == left out
cat spool/detached
echo == mounts
inside awk '{ print $5, $6 }' /proc/self/mountinfo`;

describe('the start of a collector', function () {
  this.timeout(30_000);

  it('leaves out mounts by the type of their file system, whatever place and source are called', () => {
    const words = ['-m', '--propagation', 'private', 'sh', '-c', world, 'sh', script, fuse];
    const output = execFileSync('unshare', words, { encoding: 'utf8' });
    const [, left = '', mounts = ''] = output.split(/== .*\n/);
    expect(left).to.equal('\n');
    expect(mounts).not.to.contain('/host/silent');
    for (const name of ['plain', 'named:nfs4\\040x', 'sourced'])
      expect(mounts.split('\n'), name).to.include(`/host/${name} ro,noatime`);
  });
});
