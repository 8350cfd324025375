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

# PID TABLE...
clear_space() {
  pid=$1
  shift
  for family in -4 -6; do
    if nsenter -t "$pid" -n ip "$family" rule show 2>/dev/null | grep -q -F "fwmark $tag/"; then
      nsenter -t "$pid" -n ip "$family" rule show | grep -q '^0:' ||
        nsenter -t "$pid" -n ip "$family" rule add pref 0 lookup local || return 1
      while nsenter -t "$pid" -n ip "$family" rule del fwmark "$tag/0x0" 2>/dev/null; do :; done
      nsenter -t "$pid" -n ip "$family" rule show | grep -q -F "fwmark $tag/" && return 1
    fi
  done
  command -v nft >/dev/null || return 0
  for table; do
    for family in netdev inet; do printf 'add table %s %s\ndelete table %s %s\n' "$family" "$table" "$family" "$table"; done
  done >"$IR_RUN/rules"
  nsenter -t "$pid" -n nft -f "$IR_RUN/rules" || return 1
  for table; do
    nsenter -t "$pid" -n nft list tables | grep -q " $table\$" && return 1
  done
  return 0
}

# shellcheck disable=SC2086  # uids
pod_processes $words | while read -r _ pid; do
  space=$(readlink "/proc/$pid/ns/net") && [ "$space" != "$own" ] && echo "$space $pid"
done | sort -u -k 1,1 >"$IR_RUN/spaces"
while read -r _ pid; do
  clear_space "$pid" "$@" || exit 1
done <"$IR_RUN/spaces"
wc -l <"$IR_RUN/spaces"
