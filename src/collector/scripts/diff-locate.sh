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
  file=$1
  shift
  # shellcheck disable=SC2046  # numbers
  (cd /proc && "$@" $(sed "s|\$|/$file|" "$IR_RUN/members")) 2>/dev/null
  printf '%send\n' "$token"
}

# The members whose parent is no member: the first process of the container, and what was started into it from outside.
tops() {
  # shellcheck disable=SC2046  # numbers
  (cd /proc && grep -H '^PPid:' $(sed 's|$|/status|' "$IR_RUN/members")) 2>/dev/null |
    awk -F '[/:\t]+' '{ parent[$1] = $NF } END { for (pid in parent) if (!(parent[pid] in parent)) print pid }' |
    sort -n | head -n 8
}

frame_output container live_response/containers/boot-time.txt -- grep '^btime ' /proc/stat
frame_file container /proc/1/mountinfo '[root]/proc/1/mountinfo'
for id in "$@"; do
  dir=live_response/containers/$id
  members "$id" | head -n 4096 >"$IR_RUN/members"
  frame_output container "$dir/members.txt" -- cat "$IR_RUN/members"
  [ -s "$IR_RUN/members" ] || continue
  frame_output container "$dir/cgroup.txt" -- in_members cgroup grep -H ''
  frame_output container "$dir/stat.txt" -- in_members stat grep -H ''
  frame_output container "$dir/status.txt" -- in_members status grep -H -e '^NSpid:' -e '^Name:'
  frame_output container "$dir/executables.txt" -- in_members exe stat -L -c '%n %h %s %d %i'
  frame_output container "$dir/executable-links.txt" -- in_members exe stat -c "%n%N$token"
  for pid in $(tops); do
    frame_file container "/proc/$pid/mountinfo" "[root]/proc/$pid/mountinfo"
  done
done
