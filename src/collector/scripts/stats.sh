# shellcheck shell=sh
# Figures of the node and of the cgroups of pods, one sample. Arguments: uids of pods, or none for all of them.

# Directories of pods and of their containers, in each hierarchy: their names end with a uid or the digest of a manifest.
directories() {
  find "$HOST/sys/fs/cgroup" -type d -name '*pod*' 2>/dev/null |
    grep -E 'pod([0-9a-f]{32}|[0-9a-f]{8}([-_][0-9a-f]{4}){3}[-_][0-9a-f]{12})(\.slice)?$' | while IFS= read -r directory; do
    wanted=$([ "$#" -gt 0 ] || echo yes)
    for uid; do
      case ${directory##*pod} in
        "$uid" | "$(echo "$uid" | tr - _).slice" | "$uid.slice") wanted=yes ;;
      esac
    done
    [ -z "$wanted" ] || find "$directory" -maxdepth 1 -type d
  done
}

figures() {
  while IFS= read -r directory; do
    for file in cpu.stat cpuacct.usage memory.current memory.max memory.stat memory.usage_in_bytes memory.limit_in_bytes io.stat \
      blkio.throttle.io_service_bytes pids.current; do
      [ ! -f "$directory/$file" ] || printf '%s\0' "$directory/$file"
    done
  done
}

# The first process that is in one of the cgroups of each pod, with the network devices that it sees. They are not the pod's where
# it shares the network namespace of the node, which is ours.
networks() {
  {
    echo self
    while IFS= read -r directory; do
      read -r pid <"$directory/cgroup.procs" || continue
      pod=${directory##*pod}
      echo "${pod%%[./]*} $pid"
    done 2>/dev/null | awk '!seen[$1]++ { print $2 }'
  } | sed 's|.*|/proc/&/ns/net|' | xargs stat -L -c '%i %n' 2>/dev/null |
    awk 'NR == 1 { own = $1 }
      $1 != own { split($2, part, "/"); printf "/proc/%s/cgroup%c/proc/%s/net/dev%c", part[3], 0, part[3], 0 }'
}

directories "$@" >"$IR_RUN/directories"
printf '/proc/%s\0' uptime loadavg stat meminfo | frame_list stats '' '[root]'
figures <"$IR_RUN/directories" | frame_list stats "$HOST" '[root]'
networks <"$IR_RUN/directories" | frame_list stats '' '[root]'
