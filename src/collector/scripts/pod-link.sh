# shellcheck shell=sh
# pod-link.sh ADDRESS ID...: where a pod's link is. Looks for a process of the containers ID... whose network
# namespace has ADDRESS, and prints it with the links and addresses on both sides. Changes nothing.
address=$1
shift
for id; do
  set -- "$@" -e "$id"
  shift
done
# shellcheck disable=SC2013  # paths of /proc hold no blanks
for file in $(grep -ls "$@" /proc/[0-9]*/cgroup); do
  pid=${file#/proc/}
  pid=${pid%/cgroup}
  space=$(readlink "/proc/$pid/ns/net") || continue
  [ "$space" != "$(readlink /proc/self/ns/net)" ] || continue
  nsenter -t "$pid" -n ip -o addr show >"$IR_RUN/addresses" 2>/dev/null || continue
  grep -q -F " $address/" "$IR_RUN/addresses" || continue
  printf '== process\n%s %s\n' "$pid" "$space"
  printf '== pod-links\n'
  nsenter -t "$pid" -n ip -o link show
  printf '== node-links\n'
  ip -o link show
  printf '== node-addresses\n'
  ip -o addr show
  exit 0
done
exit 3
