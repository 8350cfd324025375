# shellcheck shell=sh
# The content of programs that run although their file is gone, which nothing but /proc/PID/exe still shows, and of
# files that are open although they have no name any more.
# Arguments: `all`, or `only UID` or `except UID` for the processes of one pod or all but them, or `these PID...`.
mode=$1
pod=${2-}
most=200                        # open files without a name that are taken
shift
pids=$*

# One PID for each file without a name.
nameless() {
  (cd /proc && printf '%s\0' [0-9]*/exe | ir_looks '%n %h %d %i') |
    awk '$2 == 0 && !seen[$3 " " $4]++ { sub("/exe", "", $1); print $1 }'
}

# True when the process $1 is in a cgroup of the pod, whose uid is written with - or _ there.
in_pod() {
  grep -q -F -e "pod$pod" -e "pod$(echo "$pod" | tr - _)" "/proc/$1/cgroup" 2>/dev/null
}

listed() {
  case " $pids " in
    *" $1 "*) true ;;
    *) false ;;
  esac
}

chosen() {
  case $mode in
    these) listed "$1" ;;
    only) in_pod "$1" ;;
    except) ! in_pod "$1" ;;
    *) true ;;
  esac
}

# PID FD of open plain files without a name, each file once; files of the kernel are none. Shared memory is left out by what
# the kernel prints for it (mm/memfd.c), unless the mount that it was opened through is one of the process (proc_pid_fdinfo(5)):
# then it is a file with such a name.
unlinked() {
  (cd /proc && for pid in [0-9]*; do
    # shellcheck disable=SC2012  # links of the kernel's making; no other tool shows all targets at once
    ls -l "$pid/fd" 2>/dev/null | awk -v "pid=$pid" '
      function mounted(fd, file, line, part, id) {
        file = pid "/fdinfo/" fd
        while ((getline line <file) > 0) if (split(line, part) == 2 && part[1] == "mnt_id:") id = part[2]
        close(file)
        if (!looked++) while ((getline line <(pid "/mountinfo")) > 0) { split(line, part); mounts[part[1]] = 1 }
        return (id in mounts)
      }
      / \(deleted\)$/ && ($11 !~ /^\/memfd:/ || mounted($9)) { print pid "/fd/" $9 }'
  done) | sed 's|^|/proc/|' | tr '\n' '\0' | ir_looks '%n %h %F|%d %i' |
    awk '$2 == 0 && / regular (empty )?file\|/ && !seen[$NF " " $(NF - 1)]++ { split($1, part, "/"); print part[3], part[5] }'
}

# Those on stdin of the processes that are chosen, the first of each process before the second of any.
fairly() {
  last=
  while read -r pid fd; do
    if [ "$pid" != "$last" ]; then
      last=$pid
      wanted=$(! chosen "$pid" || echo yes)
    fi
    [ -z "$wanted" ] || echo "$pid $fd"
  done | awk '{ print turn[$1]++, $0 }' | sort -s -n -k 1,1 | cut -d ' ' -f 2-
}

export IR_CAP=20971520
for pid in $(nameless); do
  if chosen "$pid"; then
    frame_output executable "live_response/process/$pid/exe" -- cat "/proc/$pid/exe"
  fi
done
unlinked | fairly >"$IR_RUN/unlinked"
head -n "$most" "$IR_RUN/unlinked" | while read -r pid fd; do
  frame_output executable "live_response/process/$pid/fd/$fd" -- cat "/proc/$pid/fd/$fd"
done
left=$(($(wc -l <"$IR_RUN/unlinked") - most))
[ "$left" -le 0 ] ||
  frame_gap executable live_response/process/unlinked.rest truncated "$left more open files without a name"
