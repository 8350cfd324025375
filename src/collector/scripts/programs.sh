# shellcheck shell=sh
# What takes longer about the programs that run: hashes and memory maps; a second and a third look at which processes
# there are, and what those are that came since the first. Arguments: the highest PID to try, then nothing, or the uid of
# one pod. Input: the PIDs of the first look, one a line; nothing when it was not of this run.
largest=536870912
patience=15                     # seconds for the digest of one program
highest=$1
pod=${2-}

# PID SIZE, one for each file that is run.
files() {
  (cd /proc && for pid in $(pods_processes "$pod"); do printf '%s/exe\0' "$pid"; done | ir_looks '%n %d %i %s') |
    awk '!seen[$2 " " $3]++ { sub("/exe", "", $1); print $1, $4 }'
}

# sha256 of each, as sha256sum prints it.
hashes() {
  hashed=$IR_RUN/hashed
  mkfifo "$hashed" || return
  files | while read -r pid size; do
    if [ "$size" -gt "$largest" ]; then
      echo "$pid skipped larger than $((largest >> 20)) MiB" >>"$IR_RUN/unhashed"
    else
      hash "$pid"
    fi
  done
  return 0
}

# One that takes too long is not waited for. timeout(1) is not used: what it leaves behind for a second looks like anybody's.
hash() {
  ir_open "$hashed"
  sha256sum "/proc/$1/exe" 2>/dev/null >&4 3<&- 4>&- &
  exec 4>&-
  read -r before _ </proc/uptime
  # shellcheck disable=SC3045  # read of busybox has -t
  if read -t "$patience" -r line <&3; then
    echo "$line"
  else
    ir_kill $!
    read -r now _ </proc/uptime
    # A process that has ended is no gap, and that comes at once.
    [ "$((${now%%.*} - ${before%%.*}))" -lt "$patience" ] ||
      echo "$1 timeout no digest within $patience s" >>"$IR_RUN/unhashed"
    rm -f "$hashed" && mkfifo "$hashed"
  fi
}

# FILE... of every process in the list on stdin, as paths ended by NUL.
of_all() {
  while read -r pid; do
    for file; do printf '/proc/%s/%s\0' "$pid" "$file"; done
  done
}

# The PIDs on stdin that run a program; threads of the kernel have no exe.
programs() {
  while read -r pid; do
    ! ir_runs "$pid" || echo "$pid"
  done
}

# The PIDs of now, one a line.
running() { pods_processes "$pod" | tr ' ' '\n'; }

# newcomers LIST: the PIDs of now that are not in the list, without those of this script itself.
newcomers() {
  running | grep -v -x -F -f "$1" | while read -r pid; do
    ir_ours "$pid" || echo "$pid"
  done
}

# What the processes on stdin have open, and the namespaces they are in.
links() {
  while read -r pid; do
    for link in "/proc/$pid"/fd/[0-9]* "/proc/$pid"/ns/[a-z]*; do
      case $link in
        *_for_children | *'*') ;;
        *) printf '%s\0' "$link" ;;
      esac
    done
  done
}

# PID STARTTIME of each process, to be held against the first look: what came and went meanwhile.
second_look() {
  cd /proc || return
  for pid in [0-9]*; do
    stat=
    while read -r line; do stat=$line; done <"$pid/stat" || continue
    # shellcheck disable=SC2086  # fields
    set -- ${stat##*) }
    [ -z "${20-}" ] || echo "$pid ${20}"
  done 2>/dev/null
}

# The PIDs that the kernel counts in cgroups: one that is here and in no list of /proc hides.
in_cgroups() {
  find "$HOST/sys/fs/cgroup" -name cgroup.procs -type f -exec cat '{}' + 2>/dev/null | sort -n -u
}

# The PIDs that answer although nobody named them, threads left out: one that no list of /proc has hides.
answering() {
  pid=1
  while [ "$pid" -le "$highest" ]; do
    if [ -e "/proc/$pid" ]; then grep -q -s -x "Tgid:.$pid" "/proc/$pid/status" && echo "$pid"; fi
    pid=$((pid + 1))
  done
  return 0
}

: >"$IR_RUN/unhashed"
# Of some that take too long one after the other no line comes.
IR_TIMEOUT=120 frame_output process live_response/process/hash_running_processes.sha256 -- hashes
while read -r pid outcome detail; do
  frame_gap process "live_response/process/$pid/exe.sha256" "$outcome" "$detail"
done <"$IR_RUN/unhashed"
running >"$IR_RUN/mapped"
programs <"$IR_RUN/mapped" | of_all maps | frame_list process '' '[root]' 4194304
[ -n "$pod" ] || frame_output process live_response/process/second_look.txt -- second_look
if [ -s "$IR_RUN/input" ]; then
  newcomers "$IR_RUN/input" >"$IR_RUN/later"
  of_all stat cmdline status cgroup <"$IR_RUN/later" | frame_list process '' '[root]' 262144
  programs <"$IR_RUN/later" | of_all exe cwd root | frame_list process '' '[root]'
  programs <"$IR_RUN/later" | links | frame_list process '' '[root]'
  programs <"$IR_RUN/later" | of_all environ | frame_list process '' '[root]' 262144
fi
newcomers "$IR_RUN/mapped" >"$IR_RUN/later"
programs <"$IR_RUN/later" | of_all maps | frame_list process '' '[root]' 4194304
[ -z "$pod" ] || exit 0
frame_output process live_response/process/cgroup_pids.txt -- in_cgroups
# Not read: a shell reads byte by byte, and of a number the kernel gives no second one (proc_dointvec).
most=$(cat /proc/sys/kernel/pid_max)
[ "$highest" -le "$most" ] || highest=$most
IR_TIMEOUT=120 frame_output process live_response/process/answering_pids.txt -- answering
# Above what was ever given or is there, nobody is; numbers begin anew at the top.
reached=$({ cut -d ' ' -f 5 /proc/loadavg && ls /proc; } | grep -x '[0-9]*' | sort -n | tail -n 1)
[ "$highest" -ge "$most" ] || [ "$highest" -ge "$reached" ] ||
  frame_gap process live_response/process/answering_pids.rest truncated "tried up to $highest of $most"
