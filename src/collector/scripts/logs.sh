# shellcheck shell=sh
# The newest part of the node's logs, each file from its end, and the newest logs of the pods.
cap=16777216        # of one log of the node
pod_cap=1048576     # of one log of a container
pod_total=67108864  # of all logs of containers
journal_cap=67108864

# tail_of PATH CAP: the end of a file; being cut is said by failing, with the reason on stderr.
tail_of() {
  size=$(stat -c %s -- "$1") || return
  tail -c "$2" -- "$1" || return
  [ "$size" -le "$2" ] || { echo "the last $2 of $size bytes" >&2 && return 1; }
}

# frame_tail ARTIFACT PATH CAP: whole when it is short enough, links and the like as frame_file has them.
frame_tail() {
  if [ -f "$2" ] && [ ! -L "$2" ] && [ "$(stat -c %s -- "$2")" -gt "$3" ]; then
    frame_output "$1" "[root]${2#"$HOST"}" -- tail_of "$2" "$3"
  else
    frame_file "$1" "$2" "[root]${2#"$HOST"}" "$3"
  fi
}

# Called again by xargs with paths of container logs; what is beyond the total is told as skipped.
if [ "${1-}" = pods ]; then
  shift
  for path; do
    read -r left <"$IR_RUN/left"
    size=$(stat -c %s -- "$path" 2>/dev/null) || size=0
    [ "$size" -lt "$pod_cap" ] || size=$pod_cap
    if [ "$size" -le "$left" ]; then
      echo "$((left - size))" >"$IR_RUN/left"
      frame_tail podlog "$path" "$pod_cap"
    else
      frame_skip podlog "$path" "[root]${path#"$HOST"}" 'beyond 64 MiB of container logs'
    fi
  done
  exit 0
fi
if [ "${1-}" = journal ]; then
  shift
  for path; do frame_file log "$path" "[root]${path#"$HOST"}" "$journal_cap"; done
  exit 0
fi

# Runs this script again with the word $1 and the paths that come on stdin.
again() {
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  xargs -0 sh -c '. "$IR_RUN/common"; exec </dev/null; . "$IR_RUN/script"' sh "$1"
}

for name in syslog messages auth.log secure kern.log cron cron.log daemon.log kubelet.log kube-proxy.log \
  containerd.log crio.log cloud-init.log cloud-init-output.log dpkg.log yum.log dnf.log apt/history.log \
  audit/audit.log kubernetes/audit.log kube-apiserver/audit.log; do
  [ ! -f "$HOST/var/log/$name" ] || frame_tail log "$HOST/var/log/$name" "$cap"
done

# The journals that are being written, and those closed within a day.
for directory in "$HOST/var/log/journal" "$HOST/run/log/journal"; do
  [ ! -d "$directory" ] || [ -L "$directory" ] ||
    find "$directory" -xdev -type f -name '*.journal' '(' ! -name '*@*' -o -mtime -1 ')' -print0
done | again journal

# The newest first, until the total is reached.
echo "$pod_total" >"$IR_RUN/left"
pods=$HOST/var/log/pods
if [ -d "$pods" ] && [ ! -L "$pods" ]; then
  find "$pods" -xdev '(' -type f -o -type l ')' -name '*.log' -mmin -60 -print0 | again pods
  find "$pods" -xdev '(' -type f -o -type l ')' -name '*.log' ! -mmin -60 -print0 | again pods
fi
