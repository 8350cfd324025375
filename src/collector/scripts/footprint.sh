# shellcheck shell=sh
# What of the node is ours: our cgroups, processes and directories. Argument: the uid of our pod
uid=$1
sed 's/^/cgroup /' /proc/self/cgroup
for pid in $(pods_processes "$uid"); do
  if comm=$(cat "/proc/$pid/comm" 2>/dev/null); then echo "process $pid $comm"; fi
done
for path in "/var/lib/kubelet/pods/$uid" "$HOST"/var/log/pods/*_"$uid"; do
  path=${path#"$HOST"}
  [ ! -d "$HOST$path" ] || du -s -k "$HOST$path" | { read -r size _ && echo "directory $size $path"; }
done
# What our containers printed, which is nothing unless something went wrong.
for path in "$HOST"/var/log/pods/*_"$uid"/*/*.log; do
  if [ ! -f "$path" ] || [ -L "$path" ]; then continue; fi
  wc -l -c <"$path" | { read -r lines bytes && echo "log $lines $bytes ${path#"$HOST"}"; }
done
find "$HOST"/run/containerd "$HOST"/run/k3s/containerd "$HOST"/run/k0s/containerd "$HOST"/var/snap/microk8s/common/run/containerd \
  "$HOST"/run/crio "$HOST"/run/containers -xdev -maxdepth 6 -name config.json -type f \
  -exec grep -l -s -F -e "$uid" '{}' + 2>/dev/null | while IFS= read -r path; do
  path=${path#"$HOST"}
  echo "directory - ${path%/config.json}"
done
# What the runtime writes for our container's own root, such as its mount points: the upper directory's parent.
awk '$5 == "/" && match($0, /upperdir=[^,]*\/[^,\/]*/) { print substr($0, RSTART + 9, RLENGTH - 9) }' /proc/self/mountinfo |
  while IFS= read -r path; do echo "directory - ${path%/*}"; done
detached=${IR_RUN%/*}/detached
if [ -e "$detached" ]; then echo "detached $(wc -l <"$detached")"; fi
