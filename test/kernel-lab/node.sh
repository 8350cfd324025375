#!/bin/sh
# Process 1 of the machine: a node with the least that a node has, on which nothing is but its kernel. Commands come by the
# port `node`, and for the collector's container by the others.
set -eu
export PATH=/bin
busybox=/bin/busybox
$busybox --install -s /bin
mkdir -p /proc /sys /dev /run /tmp /var/lib /var/log
mount -t proc -o nosuid,nodev,noexec proc /proc
mount -t sysfs -o nosuid,nodev,noexec sysfs /sys
mount -t devtmpfs -o nosuid devtmpfs /dev
mount -t tmpfs -o nosuid,nodev,mode=0755 tmpfs /run
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs /tmp
while read -r module; do insmod "/modules/$module.ko"; done </modules/order

# As systemd mounts them on a node of cgroup v1, whose cgroups have release agents.
mount -t debugfs debugfs /sys/kernel/debug
mount -t tracefs tracefs /sys/kernel/tracing
mount -t tmpfs -o nosuid,nodev,noexec,mode=0755 cgroup /sys/fs/cgroup
mkdir /sys/fs/cgroup/unified /sys/fs/cgroup/memory
mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified
mount -t cgroup -o memory cgroup /sys/fs/cgroup/memory
mkfifo /run/autofs
setsid sh /init.d/kinds.sh
hostname node-a
ip link set lo up

# Services, each in a cgroup of its own.
for service in syslogd klogd crond; do
  for top in unified memory; do mkdir -p "/sys/fs/cgroup/$top/system.slice/$service.service"; done
  (
    pid=$(exec sh -c 'echo "$PPID"')
    for top in unified memory; do echo "$pid" >"/sys/fs/cgroup/$top/system.slice/$service.service/cgroup.procs"; done
    case $service in
      crond) mkdir -p /var/spool/cron/crontabs && exec crond -f ;;
      *) exec "$service" -n ;;
    esac
  ) &
done

for port in /sys/class/virtio-ports/*; do
  device=/dev/${port##*/}
  case $(cat "$port/name") in
    node) sh /init.d/serve.sh "$device" </dev/null & ;;
    collector*) collectors="${collectors-} $device" ;;
  esac
done
# shellcheck disable=SC2086  # words
unshare --mount sh /init.d/container.sh $collectors </dev/null &
while :; do
  wait
  sleep 1
done
