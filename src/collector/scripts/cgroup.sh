# shellcheck shell=sh
# The figures of the cgroups of one pod, of both versions of cgroups (admin-guide/cgroup-v1 and cgroup-v2 of the kernel):
# processors and throttling, memory, block devices, processes. Argument: the uid of the pod
uid=$1

# Directories of the pod and of its containers, in each hierarchy.
directories() {
  find "$HOST/sys/fs/cgroup" -type d '(' -name "*pod$uid" -o -name "*pod$uid.slice" -o -name "*pod$(echo "$uid" | tr - _).slice" ')' \
    -prune -exec find '{}' -maxdepth 2 -type d ';' 2>/dev/null
}

figures() {
  directories | while IFS= read -r directory; do
    for file in cpu.stat cpu.max cpu.pressure cpuacct.usage cpuacct.stat cpu.cfs_quota_us cpu.cfs_period_us cpu.shares \
      memory.current memory.max memory.high memory.peak memory.stat memory.events memory.pressure memory.swap.current \
      memory.usage_in_bytes memory.limit_in_bytes memory.max_usage_in_bytes memory.failcnt memory.oom_control \
      io.stat io.pressure blkio.throttle.io_service_bytes blkio.throttle.io_serviced \
      pids.current pids.max pids.events cgroup.procs cgroup.events freezer.state devices.list; do
      [ ! -f "$directory/$file" ] || printf '%s\0' "$directory/$file"
    done
  done
}

figures | frame_list cgroup "$HOST" '[root]' 262144
