# shellcheck shell=sh
# pod-link.sh ADDRESS WORD...: where a pod's link is. Looks for the oldest process with one of WORD... (the pod's
# uid, ids of its containers) in its cgroup whose network namespace has ADDRESS: usually the pod's pause process,
# which lives as long as the pod. Prints it with the links and addresses on both sides. Changes nothing.
address=$1
shift
for word; do
  set -- "$@" -e "$word"
  shift
done
own=$(readlink /proc/self/ns/net)

# Prints start time and pid of every candidate (proc_pid_stat(5): field 22, counted from behind the name).
candidates() {
  # shellcheck disable=SC2013  # paths of /proc hold no blanks
  for file in $(grep -ls "$@" /proc/[0-9]*/cgroup); do
    pid=${file#/proc/}
    pid=${pid%/cgroup}
    read -r stat <"/proc/$pid/stat" || continue
    # shellcheck disable=SC2086  # fields
    set -- ${stat##*) }
    echo "${20} $pid"
  done 2>/dev/null | sort -n
}

candidates "$@" | while read -r _ pid; do
  space=$(readlink "/proc/$pid/ns/net") || continue
  [ "$space" != "$own" ] || continue
  nsenter -t "$pid" -n ip -o addr show >"$IR_RUN/addresses" 2>/dev/null || continue
  grep -q -F " $address/" "$IR_RUN/addresses" || continue
  printf '== process\n%s %s\n' "$pid" "$space"
  printf '== pod-links\n'
  nsenter -t "$pid" -n ip -o link show
  printf '== node-links\n'
  ip -o link show
  printf '== node-addresses\n'
  ip -o addr show
  exit 4
done
# The loop is a child of this shell; it ends with 4 when it found the pod.
[ "$?" -eq 4 ] || exit 3
