#!/bin/sh
# lane.sh NAME COMMAND...: runs a command as on a machine of its own: with namespaces, cgroups and a /run that nobody
# else has, and no network but loopback. So several test clusters can run beside each other. All that the command starts
# ends with it; the exit code is the command's.
set -eu
# What is told to stop is the command, which gets the same signal; the rest stays until it has ended, to clean up.
trap : INT TERM HUP

hierarchies() { awk '$3 ~ /^cgroup2?$/ { print $2 }' /proc/mounts; }

# join NAME PID: a process goes into a cgroup of the lane's own in each hierarchy, the root of what the lane will see.
join() {
  for top in $(hierarchies); do
    mkdir -p "$top/$1"
    # In the first version of cgroups a new one has neither processors nor memory.
    for file in cpuset.cpus cpuset.mems; do
      if [ -e "$top/$file" ] && [ ! -e "$top/cgroup.controllers" ]; then cat "$top/$file" >"$top/$1/$file"; fi
    done
    echo "$2" >"$top/$1/cgroup.procs"
  done
}

# What lane.sh is inside: pid 1, which sets up and stays until the command ends.
inside() {
  mount --make-rprivate /
  listed=$(awk '$3 ~ /^cgroup2?$/ { print $2, $3, $4 }' /proc/mounts)
  umount --lazy /sys/fs/cgroup
  mount -t tmpfs -o mode=0755 tmpfs /sys/fs/cgroup
  printf '%s\n' "$listed" | while read -r path type options; do
    mkdir -p "$path"
    own=$(printf %s "$options" | tr , '\n' | grep -vxE 'r[wo]|no.*|relatime' | paste -sd , -)
    [ "$own" != name=systemd ] || own=none,name=systemd
    if [ "$type" = cgroup2 ]; then mount -t cgroup2 cgroup2 "$path"; else mount -t cgroup -o "$own" cgroup "$path"; fi
  done
  mount -t tmpfs -o mode=0755 tmpfs /run
  mkdir /run/netns
  ip link set lo up
  hostname "$name"
  "$@"
}

if [ "$1" = --inside ]; then
  name=$2
  shift 2
  inside "$@"
  exit
fi

name=lane-$1
shift
(
  pid=$(exec sh -c 'echo "$PPID"')
  join "$name" "$pid"
  exec unshare --mount --net --ipc --uts --cgroup --pid --fork --kill-child --mount-proc sh "$0" --inside "$name" "$@"
) && code=0 || code=$?
# Where the lane was killed, its processes are still ending.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  left=
  for top in $(hierarchies); do
    find "$top/$name" -depth -type d -exec rmdir {} + 2>/dev/null || true
    [ ! -d "$top/$name" ] || left=yes
  done
  [ -n "$left" ] || break
  sleep 0.5
done
exit "$code"
