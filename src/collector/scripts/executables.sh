# shellcheck shell=sh
# The content of programs that run although their file is gone, which nothing but /proc/PID/exe still shows.
# Arguments: `all`, or `only UID` or `except UID` for the processes of one pod or all but them, or `these PID...`.
mode=$1
pod=${2-}
shift
pids=$*

# One PID for each file without a name.
nameless() {
  (cd /proc && stat -L -c '%n %h %d %i' [0-9]*/exe 2>/dev/null) |
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

export IR_CAP=20971520
for pid in $(nameless); do
  if chosen "$pid"; then
    frame_output executable "live_response/process/$pid/exe" -- cat "/proc/$pid/exe"
  fi
done
