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

# Leaves $name, by which the node knows a file: what lies elsewhere has a link in its place.
name_of() {
  case $1 in
    "$IR_PODS"/*) name="[root]/var/log/pods${1#"$IR_PODS"}" ;;
    "$IR_JOURNAL"/*) name="[root]/var/log/journal${1#"$IR_JOURNAL"}" ;;
    "$IR_LOGS"/*) name="[root]/var/log${1#"$IR_LOGS"}" ;;
    "$IR_DOCKER"/*) name="[root]/var/lib/docker/containers${1#"$IR_DOCKER"}" ;;
    *) name="[root]${1#"$HOST"}" ;;
  esac
}

# Called again by xargs with limits and paths.
if [ "${1-}" = files ]; then
  artifact=$2 limit=$3 total=$4
  shift 4
  for path; do
    name_of "$path"
    case $path in
      *.gz | *.xz | *.zst | *.bz2 | *.journal | *.journal~) end= ;;
      *) end=end ;;
    esac
    kind=$artifact
    case $path in
      *"$IR_LF"*) ;;
      *) [ ! -s "$IR_RUN/audits" ] || ! grep -q -z -x -F -e "$path" "$IR_RUN/audits" || kind=api-audit ;;
    esac
    if fits "$limit" "$total" "$path"; then
      frame_file "$kind" "$path" "$name" "$limit" $end
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

# The first bytes of a file of the node, unpacked.
beginning() {
  exec <"$1" 2>/dev/null
  ir_inside "$1" "$(readlink -n /proc/self/fd/0)" || exit 98
  head -c 65536 >"$IR_RUN/packed"
  case $1 in
    *.gz) zcat <"$IR_RUN/packed" 2>/dev/null ;;
    *) cat "$IR_RUN/packed" ;;
  esac | head -c 4096
}

# Called again by xargs with paths: tells apart those that begin as an audit log does. Who writes a command line could have
# a secret taken for a log otherwise, or a file of the kernel read that must not be; those of procfs say that they are empty.
if [ "${1-}" = audits ]; then
  shift
  for path; do
    case $path in *"$IR_LF"*) continue ;; esac
    if [ -f "$path" ] && [ ! -L "$path" ] && [ -s "$path" ]; then
      beginning "$path" >"$IR_RUN/beginning" 2>/dev/null </dev/null &
      if ir_await $! && grep -q -F '"apiVersion":"audit.k8s.io/' "$IR_RUN/beginning"; then
        printf '%s\0' "$path" >>"$IR_RUN/audits"
        continue
      fi
    fi
    printf '%s\0' "$path" >>"$IR_RUN/refused"
  done
  exit 0
fi

# Called again by xargs with paths: those are told that were not taken as another log.
if [ "${1-}" = refused ]; then
  shift
  for path; do
    ! grep -q -z -x -F -e "$path" "$IR_RUN/listed" || continue
    name_of "$path"
    [ ! -L "$path" ] || { frame_link log "$path" "$name" && continue; }
    frame_skip log "$path" "$name" \
      'the audit log of an API server by its command line, and does not begin as one'
  done
  exit 0
fi

# Called again by xargs with `-type f` or an expression for what was rotated, the one pod or nothing, and links below /var/log/pods:
# prints the logs of the containers of docker that they lead to, unless they are listed with all of docker's.
if [ "${1-}" = linked ]; then
  newer=$2 only=$3
  shift 3
  for path; do
    resolve "${path#"$HOST"}" || continue
    id=${IR_PLACE##*/}
    id=${id%-json.log}
    case $id in *[!0-9a-f]*) continue ;; esac
    directory=${IR_PLACE%/*}
    if [ "${#id}" -ne 64 ] || [ "$IR_PLACE" != "${directory%/containers/*}/containers/$id/$id-json.log" ]; then continue; fi
    if [ -z "$only" ] && [ "${directory%/*}" = "$IR_DOCKER" ]; then continue; fi
    # shellcheck disable=SC2086  # words
    find "$directory" -maxdepth 1 -type f '(' -name "$id-json.log" -o -name "$id-json.log.*" $newer ')' -print0
  done
  exit 0
fi

mode=$1 profile=$2 since=$3 most=$4 only=${5-}
log_cap=$most pod_cap=$most journal_cap=$most pod_total=0 journal_total=0
if [ "$profile" = triage ]; then
  log_cap=16777216 pod_cap=1048576 journal_cap=134217728 pod_total=67108864 journal_total=268435456
  [ "$since" -gt 0 ] || since=1440
fi
if [ "$most" -lt "$log_cap" ]; then log_cap=$most; fi
if [ "$most" -lt "$pod_cap" ]; then pod_cap=$most; fi
if [ "$most" -lt "$journal_cap" ]; then journal_cap=$most; fi
if [ "$since" -gt 0 ]; then newer="-mmin -$since"; else newer=; fi

# place PATH: leaves $IR_PLACE, where it is, and never all of the node or what the kernel makes up.
place() {
  resolve "$1" || IR_PLACE=$HOST$1
  case $IR_PLACE in "$HOST" | "$HOST/proc" | "$HOST/proc/"* | "$HOST/sys" | "$HOST/sys/"* | "$HOST/dev" | "$HOST/dev/"*) IR_PLACE=$HOST$1 ;; esac
}
place /var/log && export IR_LOGS="$IR_PLACE"
place /var/log/journal && export IR_JOURNAL="$IR_PLACE"
place /var/log/pods && export IR_PODS="$IR_PLACE"
place /var/lib/docker/containers && export IR_DOCKER="$IR_PLACE"

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

# Where API servers of this node write their audit log: by what starts them, then by the command lines of those that run.
audit_paths() {
  own=$(readlink /proc/self/ns/net)
  {
    for file in "$HOST"/etc/kubernetes/manifests/* "$HOST"/var/lib/rancher/rke2/agent/pod-manifests/* \
      "$HOST"/etc/rancher/*/config.yaml "$HOST"/etc/rancher/*/config.yaml.d/* \
      "$HOST"/var/snap/microk8s/current/args/kube-apiserver; do
      if [ ! -f "$file" ] || [ -L "$file" ]; then continue; fi
      head -c 1048576 <"$file" | sed -n "s/.*audit-log-path=\([^\"', ]*\).*/\1/p"
    done
    grep -l -s -F -e kube-apiserver /proc/[0-9]*/cmdline | while IFS= read -r cmdline; do
      # What is in a network of its own is a program of a pod, and may call itself what it likes.
      [ "$(readlink "${cmdline%cmdline}ns/net")" = "$own" ] || continue
      tr '\0' '\n' <"$cmdline" 2>/dev/null |
        sed -n -e 's/^-*\(kube-apiserver-arg=\)\{0,1\}-*audit-log-path=//p' -e '/^--*audit-log-path$/{n;p;}'
    done
  } | sed -e 's|//*|/|g' -e ':a' -e 's|/\./|/|; ta' | awk '/^\/.*[^\/]$/ && !/\/\.$/ && !/\/\.\.(\/|$)/ && length <= 4096 && !seen[$0]++' | head -n 16
}

# The same with what was rotated beside them (lumberjack: NAME-TIME.ENDING, packed or not).
# shellcheck disable=SC2086  # words
audit_files() {
  audit_paths | while IFS= read -r path; do
    printf '%s\0' "$HOST$path"
    case ${path##*/} in
      ?*.*) stem=${path%.*} ending=.${path##*.} ;;
      *) stem=$path ending= ;;
    esac
    for path in "$HOST$stem"-[0-9]*"$ending" "$HOST$stem"-[0-9]*"$ending.gz"; do
      [ ! -f "$path" ] || find "$path" -maxdepth 0 -type f $newer -print0
    done
  done
}

node_logs() { named_logs | sort -z -u; }

# Files and links at or below a directory but for those that others take (sessions.sh); of what is rotated by its name what was
# changed since then.
# shellcheck disable=SC2086  # words
all_logs() {
  find "$1" -xdev '(' -path "$IR_LOGS/pods" -o -path "$IR_LOGS/journal" -o ! -type d ! -path "$IR_LOGS/*/*" \
    '(' -name wtmp -o -name 'wtmp[.-]*' -o -name btmp -o -name 'btmp[.-]*' -o -name faillog -o -name lastlog -type f ')' ')' -prune \
    -o '(' -type f -o -type l ')' \
    '(' ${newer:--type f -o -type l} -o ! -name '*.[0-9]*' ! -name '*-[0-9]*' ! -name '*.old' ! -name '*.[gx]z' ! -name '*.bz2' ! -name '*.zst' ')' \
    -print0 2>/dev/null
}

# TYPE POINT of each file system that is mounted below /var/log. proc_pid_mountinfo(5)
mounted() {
  awk -v "top=$IR_TOP${IR_LOGS#"$HOST"}/" '
    index($5, top) == 1 && substr($5, length(top) + 1) !~ /^(pods|journal)(\/|$)/ && !seen[$5]++ {
      for (field = 7; field < NF && $field != "-"; field++);
      print $(field + 1), $5
    }' /proc/self/mountinfo | while read -r type point; do
    point=$(printf '%b.' "$(printf '%s' "$point" | sed 's/\\/\\0/g')")
    point=${point%.}
    "$@" "$type" "$HOST${point#"$IR_TOP"}"
  done
}
local_logs() {
  case $1 in ext[234] | xfs | btrfs | f2fs | zfs | jfs | reiserfs | vfat | bcachefs | tmpfs) all_logs "$2" ;; esac
}
other_logs() {
  case $1 in
    ext[234] | xfs | btrfs | f2fs | zfs | jfs | reiserfs | vfat | bcachefs | tmpfs) ;;
    *) name_of "$2" && frame_gap log "$name" skipped "a file system of type $1 is mounted there" ;;
  esac
}

# Logs that are written now whatever their age, of the rest what was changed since then.
# shellcheck disable=SC2086  # words
named_logs() {
  [ ! -L "$HOST/var/log" ] || existing "$HOST/var/log"
  if [ "$profile" = full ] && [ -d "$IR_LOGS" ]; then
    all_logs "$IR_LOGS"
    mounted local_logs
  else
    for name in syslog messages auth.log secure kern.log cron cron.log daemon.log kubelet.log kube-proxy.log \
      containerd.log crio.log docker.log cloud-init.log cloud-init-output.log dpkg.log yum.log dnf.log apt/history.log \
      sudo.log audit/audit.log kubernetes/audit.log kube-apiserver/audit.log account/pacct falco.log; do
      existing "$IR_LOGS/$name"
      for path in "$IR_LOGS/$name"[.-]*; do
        [ ! -f "$path" ] || find "$path" -maxdepth 0 -type f $newer -print0
      done
    done
  fi
  existing "$HOST/var/account/pacct" "$HOST/var/lib/rancher/k3s/agent/containerd/containerd.log" \
    "$HOST/var/lib/rancher/rke2/agent/containerd/containerd.log" "$HOST/var/lib/rancher/rke2/agent/logs/kubelet.log"
  cat "$IR_RUN/audits"
}

# The journals that are being written, that of the system first, and of those that were closed what was changed since then.
journals() {
  [ ! -L "$IR_LOGS/journal" ] || existing "$IR_LOGS/journal"
  for directory in "$IR_JOURNAL" "$HOST/run/log/journal"; do
    below "$directory" -name system.journal
    below "$directory" -name '*.journal' ! -name '*@*' ! -name system.journal
    # shellcheck disable=SC2086  # words
    below "$directory" '(' -name '*@*.journal' -o -name '*.journal~' ')' $newer
  done
}

# The logs of containers, those that were written within the hour first, then what their containers write to, then rotated
# ones.
container_logs() {
  for list in quiet rotated; do : >"$IR_RUN/$list"; done
  logs_below "$IR_PODS${only:+"/$only"}" '*' '*.log'
  if [ -z "$only" ]; then
    [ ! -L "$IR_LOGS/pods" ] || existing "$IR_LOGS/pods"
    [ ! -L "$HOST/var/lib/docker" ] || existing "$HOST/var/lib/docker"
    logs_below "$IR_DOCKER" '*-json.log*' '*-json.log'
  fi
  find "$IR_PODS${only:+"/$only"}" -xdev -type l -name '*.log' -print0 2>/dev/null |
    again linked "${newer:--type f}" "$only" >>"$IR_RUN/quiet"
  cat "$IR_RUN/quiet" "$IR_RUN/rotated"
}

# logs_below DIRECTORY NAME CURRENT: one look at each decides: one that is written to between two would be in neither. Without
# parentheses, in which busybox forgets what it has collected for -exec.
# shellcheck disable=SC2086  # words
logs_below() {
  # shellcheck disable=SC2016  # expanded by the shells that find starts
  keep='printf "%s\0" "$@" >>"$0"'
  find "$1" -xdev ! -type f ! -type l -o ! -name "$2" -o -mmin -60 -print0 -o \
    -name "$3" -exec sh -c "$keep" "$IR_RUN/quiet" '{}' + -o \
    $newer -exec sh -c "$keep" "$IR_RUN/rotated" '{}' + 2>/dev/null
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

: >"$IR_RUN/audits"
: >"$IR_RUN/refused"
if [ "$mode" = measure ]; then
  [ -n "$only" ] || audit_files >"$IR_RUN/audits"
  {
    container_logs | sizes "$pod_cap" "$pod_total"
    [ -n "$only" ] || node_logs | sizes "$log_cap" 0
    [ -n "$only" ] || journals | sizes "$journal_cap" "$journal_total"
  } | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
  exit 0
fi
if [ -z "$only" ]; then
  audit_files | again audits
  take node_logs log "$log_cap" 0
  mounted other_logs
  again refused <"$IR_RUN/refused"
  take journals log "$journal_cap" "$journal_total"
fi
take container_logs podlog "$pod_cap" "$pod_total"
