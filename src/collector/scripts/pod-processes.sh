# shellcheck shell=sh
# Sourced before a script that needs it. pod_processes WORD...: start time and pid of every process with one of
# WORD... (a pod's uid, ids of its containers) in its cgroup, oldest first: usually the pod's pause process.
pod_processes() {
  for word; do
    set -- "$@" -e "$word"
    shift
  done
  # shellcheck disable=SC2013  # paths of /proc hold no blanks
  for file in $(grep -ls -F "$@" /proc/[0-9]*/cgroup); do
    pid=${file#/proc/}
    pid=${pid%/cgroup}
    # proc_pid_stat(5): field 22, counted from behind the name, which may have newlines in it.
    stat=
    while read -r line; do stat=$line; done <"/proc/$pid/stat" || continue
    # shellcheck disable=SC2086  # fields
    set -- ${stat##*) }
    [ -z "${20-}" ] || echo "${20} $pid"
  done 2>/dev/null | sort -n
}
