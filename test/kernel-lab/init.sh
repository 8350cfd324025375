#!/bin/sh
# First process of the machine with a kernel of its own: leaves the kernel's first file system for one that can be mounted
# elsewhere, and goes on with node.sh.
set -eu
/bin/busybox mkdir /new
/bin/busybox mount -t tmpfs -o mode=0755 root /new
/bin/busybox cp -a /bin /etc /modules /init.d /new/
exec /bin/busybox switch_root /new /bin/sh /init.d/node.sh
