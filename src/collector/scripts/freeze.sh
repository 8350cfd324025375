# shellcheck shell=sh
# freeze.sh freeze UID SECONDS | thaw UID [ours]: stops every process of a pod, for SECONDS at most (cgroup-v1/freezer-subsystem
# and cgroup-v2 of the kernel's documentation). The node's cgroups are written through mounts of our own mount
# namespace. A process `ir-thaw UID` leaves the collector for the node's root cgroup before anything is frozen, and thaws
# when the time is over, whatever became of the collector by then; where that process was killed, `ours` thaws what it
# left. Prints `frozen PID`; `thawed` when the time was not over yet, `left` when nobody else was there to thaw. Exit
# codes: 3 no such pod,
# 4 frozen by somebody else, 5 the process could not leave, 6 not all of it froze in time.
if [ "${IR_OWN_MOUNTS:-}" != yes ]; then
  exec env IR_OWN_MOUNTS=yes unshare -m sh "$IR_RUN/script" "$@"
fi
uid=$2

# Mount points of cgroup hierarchies below $HOST, those with a freezer first (proc_pid_mountinfo(5)).
hierarchies() {
  awk -v host="${HOST%/}/" '
    index($5, host) == 1 { type = $0; sub(/.* - /, "", type); split(type, after, " ")
      if (after[1] == "cgroup" && "," after[3] "," ~ /,freezer,/) print 1, $5
      else if (after[1] == "cgroup2") print 2, $5
      else if (after[1] == "cgroup") print 3, $5 }' /proc/self/mountinfo | sort | cut -d ' ' -f 2
}
for point in $(hierarchies); do mount -o remount,bind,rw "$point" 2>/dev/null; done

pod=
for point in $(hierarchies); do
  pod=$(find "$point" -type d \( -name "*pod$uid*" -o -name "*pod$(echo "$uid" | tr - _)*" \) -prune 2>/dev/null | head -n 1)
  if [ -e "$pod/freezer.state" ]; then
    file=$pod/freezer.state on=FROZEN off=THAWED
    break
  elif [ -e "$pod/cgroup.freeze" ]; then
    file=$pod/cgroup.freeze on=1 off=0
    break
  fi
  pod=
done
[ -n "$pod" ] || exit 3

# FROZEN, THAWED or in between.
state() {
  if [ "$on" = FROZEN ]; then
    cat "$file"
  elif grep -qx 'frozen 1' "$pod/cgroup.events"; then
    echo FROZEN
  elif [ "$(cat "$file")" = 1 ]; then
    echo FREEZING
  else
    echo THAWED
  fi
}
# Pids of our processes that will thaw this pod: they have a line of their own for it in what they run, and are in the
# node's root cgroup, where no process of a pod is.
thawers() {
  grep -lsx -F ": ir-thaw $uid" /proc/[0-9]*/cmdline | cut -d / -f 3 | while read -r each; do
    if grep -qx "$each" "$point/cgroup.procs"; then echo "$each"; fi
  done
}
# await COMMAND...: until it succeeds, for two seconds at most.
await() {
  tries=0
  until "$@"; do
    tries=$((tries + 1))
    [ "$tries" -lt 40 ] || return 1
    sleep 0.05
  done
}
is() { [ "$(state)" = "$1" ]; }
alone() { [ -z "$(thawers)" ]; }

if [ "$1" = thaw ]; then
  for each in $(thawers); do kill -TERM "$each" && echo thawed; done
  await alone || exit 6
  if is THAWED; then exit 0; fi
  [ "${3:-}" = ours ] || exit 4
  echo "$off" >"$file"
  await is THAWED || exit 6
  echo left
  exit 0
fi

is THAWED && alone || exit 4
# Runs on when this image is gone: all it needs after the start is the shell itself and a sleep that runs already.
# shellcheck disable=SC2016  # expanded by the inner shell
thawer='
  seconds=$1 file=$2 off=$3 on=$4 points=$5 left=$6
  echo -1000 >/proc/self/oom_score_adj
  for point in $points; do
    echo 0 >"$point/cgroup.procs" && grep -qx "$$" "$point/cgroup.procs" || exit 5
  done
  exec 7>"$file" || exit 5
  thaw() { kill "$nap"; echo "$off" >&7; exit 0; }
  trap thaw TERM
  cd /
  sleep "$seconds" &
  nap=$!
  : >"$left"
  echo "$on" >&7
  wait "$nap"
  thaw
'
setsid sh -c "
: ir-thaw $uid
$thawer" ir-thaw "$3" "$file" "$off" "$on" "$(hierarchies)" "$IR_RUN/left" </dev/null >/dev/null 2>&1 8<&- 9>&- &
thaw=$!
left() { [ -e "$IR_RUN/left" ] || ! kill -0 "$thaw" 2>/dev/null; }
await left
[ -e "$IR_RUN/left" ] || exit 5
if ! await is FROZEN; then
  kill -TERM "$thaw"
  exit 6
fi
echo "frozen $thaw"
