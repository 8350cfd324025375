# shellcheck shell=sh
# Sourced before a script that needs it. pod_space PID NAMESPACE WORD...: holds the network namespace of a process of a
# pod open as file descriptor 5, so that it stays what it is (namespaces(7)); fails unless it is NAMESPACE, not that of
# the node, and the process has one of WORD... (the pod's uid, ids of its containers) in its cgroup. in_pod COMMAND...:
# runs it in that namespace, whatever became of the process.
pod_space() {
  set -- "/proc/$1" "$@"
  # Without `command`, the end of the process would be that of the shell.
  command exec 5<"$1/ns/net" || return 1
  [ "$(readlink /proc/self/fd/5)" = "$3" ] && [ "$(readlink /proc/self/ns/net)" != "$3" ] || return 1
  pod_member "$@" || return 1
  # Its number may have become another process's between the two.
  [ "$(readlink "$1/ns/net")" = "$3" ]
}
pod_member() {
  process=$1
  shift 3
  for word; do
    set -- "$@" -e "$word"
    shift
  done
  grep -q -F "$@" "$process/cgroup"
}
in_pod() { nsenter --net=/proc/self/fd/5 "$@"; }
