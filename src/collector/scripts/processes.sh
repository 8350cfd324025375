# shellcheck shell=sh
# All processes, through our own /proc: it is a new mount, so nothing that was mounted over the node's hides here.
# What dies first is read first, for all of them, then the rest. Arguments: nothing, or the uid of one pod.
cap=262144
cd /proc || exit
# Looked up once, before anything of ours is started, so that our own short-lived helpers are not in it.
if [ -n "${1-}" ]; then
  pids=$(pods_processes "$1")
else
  set -- [0-9]*
  pids=$*
fi

# FILE... of every process, as paths ended by NUL.
of_all() {
  for pid in $pids; do
    for file; do printf '/proc/%s/%s\0' "$pid" "$file"; done
  done
}

# The same for those that run a program; threads of the kernel have no exe.
of_programs() {
  for pid in $pids; do
    ir_runs "$pid" || continue
    for file; do printf '/proc/%s/%s\0' "$pid" "$file"; done
  done
}

# What each of them has open, and the namespaces it is in.
links() {
  for pid in $pids; do
    ir_runs "$pid" || continue
    for link in "$pid"/fd/[0-9]* "$pid"/ns/[a-z]*; do
      case $link in
        *_for_children | *'*') ;;
        *) printf '/proc/%s\0' "$link" ;;
      esac
    done
  done
}

# One mount table for each mount namespace.
mount_tables() {
  for pid in $pids; do printf '%s/ns/mnt\0' "$pid"; done | xargs -0 -r stat -L -c '%i %n' 2>/dev/null |
    awk '!seen[$1]++ { sub("/ns/mnt", "", $2); printf "/proc/%s/mountinfo%c", $2, 0 }'
}

# PID DEVICE INODE LINKS SIZE MTIME CTIME of every /proc/PID/exe; a process that ends meanwhile is no error.
executables() {
  for pid in $pids; do printf '%s/exe\0' "$pid"; done | ir_looks '%n %d %i %h %s %Y %Z' | sed 's|/exe||'
}

# PID/fdinfo/N:mnt_id of all that is open: what was opened through a mount of the node stays so in a container.
descriptor_mounts() {
  for pid in $pids; do ! ir_runs "$pid" || printf '%s/fdinfo\0' "$pid"; done |
    xargs -0 -r -n 256 grep -r -H -s '^mnt_id:' 2>/dev/null
  return 0
}

# Only what this kernel has.
if [ -e self/loginuid ]; then audit='loginuid sessionid'; else audit=; fi
if [ -e self/attr/current ]; then label=attr/current; else label=; fi

# Each part is sent when it is there: who waits for a few seconds only shall have all that came in them.
of_all stat cmdline status cgroup | frame_list process '' '[root]' "$cap"
frame_flush
of_programs exe cwd root | frame_list process '' '[root]'
frame_output process live_response/process/executables.txt -- executables
frame_flush
links | frame_list process '' '[root]'
frame_flush
frame_output process live_response/process/descriptor_mounts.txt -- descriptor_mounts
# shellcheck disable=SC2086  # words
of_programs environ uid_map oom_score_adj $audit $label | frame_list process '' '[root]' "$cap"
mount_tables | frame_list process '' '[root]' 1048576
