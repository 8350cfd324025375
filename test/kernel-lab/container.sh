#!/bin/sh
# container.sh DEVICE...: the collector's container, in a mount namespace of its own: its own root, a /proc of its own, the
# node below /host, and the program that a collector pod runs. Serves the commands that come by each device.
set -eu
root=/run/collector
mkdir "$root"
mount -t tmpfs collector "$root"
cd "$root"
mkdir bin dev host proc spool tmp
cp /bin/busybox bin/
cp /init.d/main.sh /init.d/serve.sh .
mount --rbind / host
mount -t proc -o nosuid,nodev,noexec proc proc
mount --rbind /dev dev
chroot . /bin/busybox --install -s /bin
chroot . /bin/sh -c "$(cat main.sh)" collector 86400 &
for device; do chroot . /bin/sh /serve.sh "$device" & done
wait
