#!/bin/sh
# First process of the machine with a kernel of its own. A container can leave no root that is the kernel's first file
# system, so that is mounted once more, over itself, and node.sh goes on in there.
set -eu
/bin/busybox mount --bind / /mnt
cd /mnt
/bin/busybox mount --move . /
exec /bin/busybox chroot . /bin/sh /init.d/node.sh
