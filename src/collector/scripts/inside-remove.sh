# shellcheck shell=sh
# inside-remove.sh TAG WORD... -- TABLE...: removes our tables and our rules of routing from every network namespace of
# the processes with one of WORD... in their cgroup, and fails when something is still there. Prints how many there were.
tag=$1
shift
own=$(readlink /proc/self/ns/net)
words=
while [ "$1" != -- ]; do
  words="$words $1"
  shift
done
shift

# TABLE...
clear_space() {
  for family in -4 -6; do
    if in_pod ip "$family" rule show 2>/dev/null | grep -q -F "fwmark $tag/"; then
      in_pod ip "$family" rule show | grep -q '^0:' ||
        in_pod ip "$family" rule add pref 0 lookup local || return 1
      while in_pod ip "$family" rule del fwmark "$tag/0x0" 2>/dev/null; do :; done
      in_pod ip "$family" rule show | grep -q -F "fwmark $tag/" && return 1
    fi
  done
  command -v nft >/dev/null || return 0
  for table; do
    for family in netdev inet; do printf 'add table %s %s\ndelete table %s %s\n' "$family" "$table" "$family" "$table"; done
  done >"$IR_RUN/rules"
  in_pod nft -f "$IR_RUN/rules" || return 1
  for table; do
    in_pod nft list tables | grep -q " $table\$" && return 1
  done
  return 0
}

# shellcheck disable=SC2086  # uids
pod_processes $words | while read -r _ pid; do
  space=$(readlink "/proc/$pid/ns/net") && [ "$space" != "$own" ] && echo "$space $pid"
done >"$IR_RUN/spaces"
: >"$IR_RUN/cleared"
while read -r space pid; do
  grep -q -x -F "$space" "$IR_RUN/cleared" && continue
  # A process may have ended since; another one leads to the same namespace.
  # shellcheck disable=SC2086  # uids
  pod_space "$pid" "$space" $words || continue
  clear_space "$@" || exit 1
  echo "$space" >>"$IR_RUN/cleared"
done <"$IR_RUN/spaces"
while read -r space pid; do
  if ! grep -q -x -F "$space" "$IR_RUN/cleared"; then
    echo "process $pid of the pod is gone, and no other one is in its network namespace" >&2
    exit 1
  fi
done <"$IR_RUN/spaces"
wc -l <"$IR_RUN/cleared"
