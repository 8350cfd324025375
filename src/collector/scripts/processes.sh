# shellcheck shell=sh
# All processes, through our own /proc: it is a new mount, so nothing that was mounted over the node's hides here.
# What dies first is read first, for all of them, then the rest.
cap=262144
cd /proc || exit
# Looked up once, before anything of ours is started, so that our own short-lived helpers are not in it.
set -- [0-9]*
pids=$*

# FILE... of every process, as paths ended by NUL.
of_all() {
  for pid in $pids; do
    for file; do printf '/proc/%s/%s\0' "$pid" "$file"; done
  done
}

# The same for those that run a program; threads of the kernel have no exe.
of_programs() {
  for pid in $pids; do
    [ -e "$pid/exe" ] || continue
    for file; do printf '/proc/%s/%s\0' "$pid" "$file"; done
  done
}

# What each of them has open, and the namespaces it is in.
links() {
  for pid in $pids; do
    [ -e "$pid/exe" ] || continue
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
  stat -L -c '%i %n' [0-9]*/ns/mnt 2>/dev/null |
    awk '!seen[$1]++ { sub("/ns/mnt", "", $2); printf "/proc/%s/mountinfo%c", $2, 0 }'
}

# PID DEVICE INODE LINKS SIZE MTIME CTIME of every /proc/PID/exe; a process that ends meanwhile is no error.
executables() {
  stat -L -c '%n %d %i %h %s %Y %Z' [0-9]*/exe 2>/dev/null | sed 's|/exe||'
}

# Only what this kernel has.
if [ -e self/loginuid ]; then audit='loginuid sessionid'; else audit=; fi

of_all stat cmdline status cgroup | frame_list process '' '[root]' "$cap"
of_programs exe cwd root | frame_list process '' '[root]'
frame_output process live_response/process/executables.txt -- executables
links | frame_list process '' '[root]'
# shellcheck disable=SC2086  # words
of_programs environ $audit | frame_list process '' '[root]' "$cap"
mount_tables | frame_list process '' '[root]' 1048576
