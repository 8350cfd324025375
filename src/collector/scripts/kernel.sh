# shellcheck shell=sh
# What the kernel runs and allows: modules, eBPF programs, hooks, settings that are used to break out.

# The paths that are regular files, each ended by NUL.
files() {
  for path; do
    [ ! -f "$path" ] || printf '%s\0' "$path"
  done
}

# The symbols of eBPF programs, loaded from wherever; none is no error.
bpf_symbols() { grep '\[bpf\]$' /proc/kallsyms || [ "$?" -eq 1 ]; }

# Names of what is loaded or built in: a module that is here and not in /proc/modules hides.
module_names() { ls "$HOST/sys/module"; }

# The same modules by the symbols that they brought.
module_symbols() { sed -n 's/.*\[\(.*\)\]$/\1/p' /proc/kallsyms | sort -u; }

# Files that hold a program, map or link of eBPF, as the kernel describes them.
bpf_descriptors() {
  find /proc/[0-9]*/fdinfo -type f -exec grep -l -s -e '^prog_id:' -e '^map_id:' -e '^link_id:' '{}' + 2>/dev/null | tr '\n' '\0'
}

# What of eBPF has a name; it stays when its process ends.
bpf_pins() { find "$HOST/sys/fs/bpf" -exec stat -c '%A %u %g %Z %N' '{}' +; }

# What the kernel runs by an interpreter is mounted on the node's /proc and on no other; `register` can only be written.
kinds_of_programs() {
  for kind in "$HOST"/proc/sys/fs/binfmt_misc/*; do
    [ "${kind##*/}" = register ] || files "$kind"
  done
}

# What a non-empty release_agent names is run by the kernel when a cgroup empties (cgroup v1).
release_agents() {
  find "$HOST/sys/fs/cgroup" -maxdepth 2 -name release_agent -type f -print0 2>/dev/null
}

files /proc/modules /proc/mounts /proc/swaps /proc/partitions /proc/locks /proc/keys /proc/key-users /proc/crypto \
  /proc/filesystems /proc/devices /proc/misc /proc/cgroups /proc/iomem /proc/pressure/* |
  frame_list kernel '' '[root]' 4194304
(
  cd /proc/sys || exit
  for name in kernel/tainted kernel/core_pattern kernel/core_pipe_limit kernel/core_uses_pid kernel/modprobe \
    kernel/hotplug kernel/poweroff_cmd kernel/kptr_restrict kernel/dmesg_restrict kernel/modules_disabled \
    kernel/kexec_load_disabled kernel/yama/ptrace_scope kernel/randomize_va_space kernel/sysrq kernel/pid_max \
    kernel/unprivileged_bpf_disabled kernel/unprivileged_userns_clone kernel/perf_event_paranoid \
    kernel/ftrace_enabled kernel/osrelease kernel/ostype kernel/version fs/suid_dumpable fs/protected_* \
    vm/mmap_min_addr vm/overcommit_memory net/ipv4/ip_forward net/ipv6/conf/all/forwarding \
    net/core/bpf_jit_enable net/core/bpf_jit_harden user/max_user_namespaces; do
    [ ! -f "$name" ] || printf '/proc/sys/%s\0' "$name"
  done
) | frame_list kernel '' '[root]'
files "$HOST"/sys/module/*/initstate "$HOST"/sys/module/*/taint "$HOST/sys/kernel/uevent_helper" \
  "$HOST/sys/kernel/security/lsm" "$HOST/sys/kernel/security/lockdown" \
  "$HOST/sys/kernel/security/apparmor/profiles" "$HOST/sys/fs/selinux/enforce" \
  "$HOST/sys/kernel/tracing/enabled_functions" "$HOST/sys/kernel/tracing/kprobe_events" \
  "$HOST/sys/kernel/tracing/uprobe_events" "$HOST/sys/kernel/debug/kprobes/list" |
  frame_list kernel "$HOST" '[root]' 4194304
{
  release_agents
  kinds_of_programs
} | frame_list kernel "$HOST" '[root]'
frame_output kernel live_response/system/module_names.txt -- module_names
frame_output kernel live_response/system/bpf_symbols.txt -- bpf_symbols
frame_output kernel live_response/system/module_symbols.txt -- module_symbols
bpf_descriptors | frame_list kernel '' '[root]'
[ ! -d "$HOST/sys/fs/bpf" ] || frame_output kernel live_response/system/bpf_pins.txt -- bpf_pins
frame_output kernel live_response/system/dmesg.txt -- dmesg
