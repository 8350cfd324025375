# shellcheck shell=sh
# Logs of the node and of its containers, each file from its end when it is longer than its limit.
# Arguments: `take`, or `measure` to print how many bytes that would be; `triage` for the newest parts of what matters
# first, or `full` for everything; minutes since the last change of what is taken of the rest, 0 for any; most bytes of
# one file; then nothing, or the directory below /var/log/pods of the one pod that is wanted.

# fits MOST TOTAL PATH: false when it would be beyond what all of them may be together, TOTAL, or 0 for no bound.
fits() {
  [ "$2" -gt 0 ] || return 0
  read -r left <"$IR_RUN/left"
  size=$(stat -c %s -- "$3" 2>/dev/null) || size=0
  [ "$size" -lt "$1" ] || size=$1
  [ "$size" -le "$left" ] && echo "$((left - size))" >"$IR_RUN/left"
}

# Notes inode and device of the last one.
remember() {
  # shellcheck disable=SC2086  # numbers
  set -- ${ir_facts-}
  echo "${6-} ${7-}" >>"$IR_RUN/taken"
}

# Called again by xargs with limits and paths.
if [ "${1-}" = files ]; then
  artifact=$2 limit=$3 total=$4
  shift 4
  for path; do
    name="[root]${path#"$HOST"}"
    case $path in
      *.gz | *.xz | *.zst | *.bz2 | *.journal | *.journal~) end= ;;
      *) end=end ;;
    esac
    if fits "$limit" "$total" "$path"; then
      frame_file "$artifact" "$path" "$name" "$limit" $end
      # Of one that was replaced meanwhile nothing came.
      [ "${ir_length-0}" -eq 0 ] || remember
    else
      frame_skip "$artifact" "$path" "$name" "beyond $((total >> 20)) MiB of such logs"
      remember
    fi
  done
  exit 0
fi

# Called again by xargs with paths: prints those that were not listed before, unless what they are was taken under another name.
if [ "${1-}" = unlisted ]; then
  shift
  for path; do
    case $path in
      # A line feed would make two patterns.
      *"$IR_LF"*) ;;
      *) ! grep -q -z -x -F -e "$path" "$IR_RUN/listed" || continue ;;
    esac
    same=$(stat -c '%i %d' -- "$path" 2>/dev/null) && ! grep -q -x -F -e "$same" "$IR_RUN/taken" && printf '%s\0' "$path"
  done
  exit 0
fi

mode=$1 profile=$2 since=$3 most=$4 only=${5-}
log_cap=$most pod_cap=$most journal_cap=$most pod_total=0 journal_total=0
if [ "$profile" = triage ]; then
  log_cap=16777216 pod_cap=1048576 journal_cap=67108864 pod_total=67108864 journal_total=268435456
  [ "$since" -gt 0 ] || since=1440
fi
if [ "$most" -lt "$log_cap" ]; then log_cap=$most; fi
if [ "$most" -lt "$pod_cap" ]; then pod_cap=$most; fi
if [ "$most" -lt "$journal_cap" ]; then journal_cap=$most; fi
if [ "$since" -gt 0 ]; then newer="-mmin -$since"; else newer=; fi

# The paths that exist, each ended by NUL.
existing() {
  for path; do
    if [ -f "$path" ] || [ -L "$path" ]; then printf '%s\0' "$path"; fi
  done
}

# Files and links below directories, those of a find expression, changed since then.
below() {
  directory=$1
  shift
  if [ ! -d "$directory" ] || [ -L "$directory" ]; then return; fi
  # shellcheck disable=SC2086  # words
  find "$directory" -xdev '(' -type f -o -type l ')' "$@" -print0 2>/dev/null
}

# Values of the option $2 on command lines that hold the word $1.
option() {
  grep -l -s -F -e "$1" /proc/[0-9]*/cmdline | while read -r cmdline; do
    tr '\0' '\n' <"$cmdline" 2>/dev/null | sed -n -e "s|^--*$2=||p" -e "/^--*$2\$/{n;p;}"
  done | grep '^/' | grep -v -e '/\.\.$' -e '/\.\./' | sort -u
}

node_logs() { named_logs | sort -z -u; }

# Logs that are written now whatever their age, of the rest what was changed since then.
# shellcheck disable=SC2086  # words
named_logs() {
  if [ "$profile" = full ] && [ -d "$HOST/var/log" ]; then
    find "$HOST/var/log" -xdev \
      '(' -path "$HOST/var/log/pods" -o -path "$HOST/var/log/journal" -o -name 'wtmp*' -o -name 'btmp*' -o -name lastlog -o -name faillog ')' -prune \
      -o '(' -type f -o -type l ')' $newer -print0 2>/dev/null
  else
    for name in syslog messages auth.log secure kern.log cron cron.log daemon.log kubelet.log kube-proxy.log \
      containerd.log crio.log docker.log cloud-init.log cloud-init-output.log dpkg.log yum.log dnf.log apt/history.log \
      sudo.log audit/audit.log kubernetes/audit.log kube-apiserver/audit.log account/pacct falco.log; do
      existing "$HOST/var/log/$name"
      for path in "$HOST/var/log/$name"[.-]*; do
        [ ! -f "$path" ] || find "$path" -maxdepth 0 -type f $newer -print0
      done
    done
  fi
  existing "$HOST/var/account/pacct" "$HOST/var/lib/rancher/k3s/agent/containerd/containerd.log" \
    "$HOST/var/lib/rancher/rke2/agent/containerd/containerd.log" "$HOST/var/lib/rancher/rke2/agent/logs/kubelet.log"
  option kube-apiserver audit-log-path | while IFS= read -r path; do
    existing "$HOST$path"
    for path in "$HOST${path%.log}"-*.log; do [ ! -f "$path" ] || find "$path" -maxdepth 0 -type f $newer -print0; done
  done
}

# The journals that are being written, and of those that were closed what was changed since then.
journals() {
  for directory in "$HOST/var/log/journal" "$HOST/run/log/journal"; do
    below "$directory" -name '*.journal' ! -name '*@*'
    # shellcheck disable=SC2086  # words
    below "$directory" '(' -name '*@*.journal' -o -name '*.journal~' ')' $newer
  done
}

# The logs of containers, those that were written within the hour first, then what their containers write to, then rotated
# ones. One look at each decides: one that is written to between two would be in neither. Without parentheses, in which busybox
# forgets what it has collected for -exec.
# shellcheck disable=SC2086  # words
container_logs() {
  pods=$HOST/var/log/pods
  if [ -n "$only" ]; then
    below "$pods/$only" $newer
    return
  fi
  for list in quiet rotated; do : >"$IR_RUN/$list"; done
  # shellcheck disable=SC2016  # expanded by the shells that find starts
  keep='printf "%s\0" "$@" >>"$0"'
  if [ -d "$pods" ] && [ ! -L "$pods" ]; then
    find "$pods" -xdev ! -type f ! -type l -o -mmin -60 -print0 -o \
      -name '*.log' -exec sh -c "$keep" "$IR_RUN/quiet" '{}' + -o \
      $newer -exec sh -c "$keep" "$IR_RUN/rotated" '{}' + 2>/dev/null
  fi
  cat "$IR_RUN/quiet" "$IR_RUN/rotated"
  for directory in "$HOST"/var/lib/docker/containers/*; do below "$directory" -name '*-json.log*' $newer; done
}

# Bytes of the files that come on stdin, none with more than $1, all with no more than $2 when that is not 0.
sizes() {
  xargs -0 -r stat -c %s -- 2>/dev/null |
    awk -v "cap=$1" -v "total=$2" '{ sum += ($1 < cap ? $1 : cap) } END { printf "%.0f\n", (total > 0 && sum > total ? total : sum) }'
}

# Runs this script again on the paths that come on stdin.
again() {
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  xargs -0 -r sh -c '. "$IR_RUN/common"; exec </dev/null; . "$IR_RUN/script"' sh "$@"
}

# take LISTER ARTIFACT MOST TOTAL: every file that LISTER lists, none longer than MOST, all together no more than TOTAL when
# that is not 0. Then what it lists beside them: the log that was rotated before it was read has another name by now.
take() {
  lister=$1
  shift
  echo "$3" >"$IR_RUN/left"
  : >"$IR_RUN/taken"
  "$lister" >"$IR_RUN/listed"
  again files "$@" <"$IR_RUN/listed"
  "$lister" | again unlisted | again files "$@"
}

if [ "$mode" = measure ]; then
  {
    container_logs | sizes "$pod_cap" "$pod_total"
    [ -n "$only" ] || node_logs | sizes "$log_cap" 0
    [ -n "$only" ] || journals | sizes "$journal_cap" "$journal_total"
  } | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
  exit 0
fi
if [ -z "$only" ]; then
  take node_logs log "$log_cap" 0
  take journals log "$journal_cap" "$journal_total"
fi
take container_logs podlog "$pod_cap" "$pod_total"
