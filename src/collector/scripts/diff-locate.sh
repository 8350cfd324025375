# shellcheck shell=sh
# Which processes of the node belong to containers, and the mounts of the one that was started first: facts of the
# kernel only, nothing is opened through /proc/PID/root.
# Arguments: TOKEN ID...   TOKEN is random, so that no name can look like the end of a record; IDs are hex digits.
token=$1
shift

# PID of every process with ID in its cgroup path (v1 and v2, cgroupfs and systemd names).
members() { grep -l -F -e "$1" /proc/[0-9]*/cgroup 2>/dev/null | cut -d/ -f3 | sort -n; }

# in_members FILE COMMAND...: runs the command on FILE of every member at once; processes may end meanwhile.
in_members() {
  files=
  for pid in $pids; do files="$files $pid/$1"; done
  shift
  # shellcheck disable=SC2086  # numbers
  (cd /proc && "$@" $files) 2>/dev/null
  printf '%send\n' "$token"
}

# The members whose parent is no member: the first process of the container, and what was started into it from outside.
tops() {
  # shellcheck disable=SC2046  # numbers
  (cd /proc && grep -H '^PPid:' $(sed 's|$|/status|' "$IR_RUN/members")) 2>/dev/null |
    awk -F '[/:\t]+' '{ parent[$1] = $NF } END { for (pid in parent) if (!(parent[pid] in parent)) print pid }' |
    sort -n | head -n 8
}

# PID/fd/N of every open file of the members that has no name any more, or never had one.
nameless() {
  (cd /proc && sed 's|$|/fd|' "$IR_RUN/members" | xargs -r -n 256 sh -c 'find "$@" -mindepth 1 -maxdepth 1' sh |
    tr '\n' '\0' | ir_looks '%n %h %s' | awk '$2 == 0 { print $1, $3 }' | head -n 4096) 2>/dev/null
}

# PID/exe LINKS SIZE DEVICE INODE of what the members run.
executables() {
  (cd /proc && sed 's|$|/exe|' "$IR_RUN/members" | tr '\n' '\0' | ir_looks '%n %h %s %d %i')
  printf '%send\n' "$token"
}

# The descriptors of nameless files with what their links say.
open_links() {
  # shellcheck disable=SC2046  # numbers and slashes
  (cd /proc && cut -d ' ' -f 1 "$IR_RUN/nameless" | xargs -r stat -c "%n%N$token") 2>/dev/null
  printf '%send\n' "$token"
}

ended() { cat "$1" && printf '%send\n' "$token"; }

# One member of each mount namespace that none of $tops is in.
strangers() {
  for pid in $tops; do stat -L -c '%i 0' "/proc/$pid/ns/mnt" 2>/dev/null; done >"$IR_RUN/namespaces"
  # shellcheck disable=SC2046  # numbers
  (cd /proc && stat -L -c '%i %n' $(sed 's|$|/ns/mnt|' "$IR_RUN/members")) 2>/dev/null >>"$IR_RUN/namespaces"
  awk '!seen[$1]++ && $2 { sub("/.*", "", $2); print $2 }' "$IR_RUN/namespaces" | head -n 16
}

frame_output container live_response/containers/boot-time.txt -- grep '^btime ' /proc/stat
frame_file container /proc/1/mountinfo '[root]/proc/1/mountinfo'
for id in "$@"; do
  dir=live_response/containers/$id
  members "$id" | head -n 4096 >"$IR_RUN/members"
  frame_output container "$dir/members.txt" -- cat "$IR_RUN/members"
  [ -s "$IR_RUN/members" ] || continue
  pids=$(cat "$IR_RUN/members")
  frame_output container "$dir/cgroup.txt" -- in_members cgroup grep -H ''
  frame_output container "$dir/stat.txt" -- in_members stat grep -H ''
  frame_output container "$dir/status.txt" -- in_members status grep -H -e '^NSpid:' -e '^Name:'
  frame_output container "$dir/executables.txt" -- executables
  frame_output container "$dir/executable-links.txt" -- in_members exe stat -c "%n%N$token"
  frame_output container "$dir/mount-namespaces.txt" -- in_members ns/mnt stat -L -c '%n %i'
  nameless >"$IR_RUN/nameless"
  frame_output container "$dir/open-files.txt" -- ended "$IR_RUN/nameless"
  frame_output container "$dir/open-file-links.txt" -- open_links
  tops=$(tops)
  for pid in $tops $(strangers); do
    frame_file container "/proc/$pid/mountinfo" "[root]/proc/$pid/mountinfo"
  done
done
