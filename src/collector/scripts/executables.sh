# shellcheck shell=sh
# The content of programs that run although their file is gone, which nothing but /proc/PID/exe still shows, and of
# files that are open although they have no name any more.
# Arguments: `all`, or `only UID` or `except UID` for the processes of one pod or all but them, or `these PID...`.
mode=$1
pod=${2-}
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

# PID FD SIZE of open plain files without a name, each file once; shared memory and files of the kernel are none.
unlinked() {
  (cd /proc && for pid in [0-9]*; do
    # shellcheck disable=SC2012  # links of the kernel's making; no other tool shows all targets at once
    ls -l "$pid/fd" 2>/dev/null | awk -v "pid=$pid" '/ \(deleted\)$/ && !/\/memfd:|\/dev\/zero|\/SYSV/ { print pid "/fd/" $9 }'
  done) | sed 's|^|/proc/|' | tr '\n' '\0' | ir_looks '%n %h %F|%d %i' |
    awk '$2 == 0 && / regular (empty )?file\|/ && !seen[$NF " " $(NF - 1)]++ { split($1, part, "/"); print part[3], part[5] }'
}

export IR_CAP=20971520
for pid in $(nameless); do
  if chosen "$pid"; then
    frame_output executable "live_response/process/$pid/exe" -- cat "/proc/$pid/exe"
  fi
done
unlinked | head -n 200 >"$IR_RUN/unlinked"
while read -r pid fd; do
  if chosen "$pid"; then
    frame_output executable "live_response/process/$pid/fd/$fd" -- cat "/proc/$pid/fd/$fd"
  fi
done <"$IR_RUN/unlinked"
