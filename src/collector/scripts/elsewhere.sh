# shellcheck shell=sh
# elsewhere.sh SECONDS NAMESPACE WORD...: processes with one of WORD... in their cgroup (a pod's uid, ids of its
# containers) that are, or have a thread that is (setns(2) moves one alone), in another network namespace than NAMESPACE,
# the pod's: `node PID` in that of the node, `other PID` in any else. What a runtime has just started passes through the node's, so only who stays for SECONDS counts.
seconds=$1
space=$2
shift 2
own=$(readlink /proc/self/ns/net)
away() {
  pod_processes "$@" | while read -r born pid; do
    # CRI-O's monitor of a container may be in the pod's cgroup (crio.conf(5), conmon_cgroup); it is not of the pod.
    ! grep -q '/crio-conmon-' "/proc/$pid/cgroup" || continue
    # shellcheck disable=SC2012  # names of the kernel's own
    for found in $(ls -l "/proc/$pid/task/"*/ns/net | sed -n 's/.* -> //p' | sort -u); do
      case $found in "$space") ;; "$own") echo "node $pid $born" ;; *) echo "other $pid $born" ;; esac
    done
  done 2>/dev/null
}
away "$@" >"$IR_RUN/first"
[ -s "$IR_RUN/first" ] || exit 0
sleep "$seconds"
away "$@" >"$IR_RUN/second"
grep -F -x -f "$IR_RUN/first" "$IR_RUN/second" | cut -d ' ' -f 1,2 | uniq
exit 0
