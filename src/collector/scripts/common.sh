# shellcheck shell=sh
# Put before every script: functions that turn files, links and outputs into frames (the format: ../frames.ts).
# State is kept in files below $IR_RUN/frames, in memory, so the functions work in pipelines and subshells too;
# only one may run at a time. The rest of $IR_RUN is the script's. Frames leave through descriptor 9, written by boot.sh
# alone, which hands free places over by 6 and takes full ones by 7; what a script prints itself goes to stderr.
# Sources are the script's own business, names are not: any byte but NUL may be in them.

IR_BLOCK=8388608                # a block is sent when it holds this many bytes
IR_CAP=${IR_CAP:-67108864}      # most bytes of one item, unless a script says otherwise
IR_TIMEOUT=${IR_TIMEOUT:-20}    # longest wait in seconds for the next piece of one item
IR_NEVER=999999999999           # a time that does not come
IR_STAT='%f %u %g %s %h %i %d %X %Y %Z %x|%y|%z|%b %B'

# shellcheck disable=SC2034  # for scripts
IR_LF='
'

# Prints a string with every byte that is not plain ASCII as %XX.
ir_escape() {
  ir_rest=$1
  while [ -n "$ir_rest" ]; do
    ir_plain=${ir_rest%%[!A-Za-z0-9_./:@=,+-]*}
    ir_rest=${ir_rest#"$ir_plain"}
    printf '%s' "$ir_plain" || return 1
    [ -n "$ir_rest" ] || return 0
    ir_tail=${ir_rest#?}
    printf '%%%02x' "'${ir_rest%"$ir_tail"}" || return 1
    ir_rest=$ir_tail
  done
}

# ir_item ARTIFACT TYPE NAME TARGET FACTS: the record that begins an item.
ir_item() {
  printf 'item %s %s =' "$1" "$2" && ir_escape "$3" && printf ' =' && ir_escape "$4" && printf ' %s\n' "$5"
}

# ir_end OUTCOME LENGTH DETAIL: the record that ends an item.
ir_end() {
  printf 'end %s %s =' "$1" "$2" && ir_escape "$3" && printf '\n'
}

# Sends the pending block: it leaves (boot.sh) while the next one is read, as soon as one of the two places for what leaves is free.
frame_flush() {
  [ -s "$IR_RUN/frames/meta" ] || return 0
  read -r ir_block ir_items <"$IR_RUN/frames/count"
  ir_block=$((ir_block + 1))
  # shellcheck disable=SC2046  # words: items, two lengths, two digests each with its file
  set -- $(cd "$IR_RUN/frames" && grep -c '^item ' meta; stat -c %s meta data; "$IR_SUM" meta data)
  ir_items=$((ir_items + $1))
  read -r ir_place <&6
  mv "$IR_RUN/frames/meta" "$IR_RUN/frames/data" "$IR_RUN/frames/$ir_place"
  echo "$ir_place $IR_TOKEN $ir_block $2 $3 $4 $6" >&7
  : >"$IR_RUN/frames/meta"
  : >"$IR_RUN/frames/data"
  echo 0 >"$IR_RUN/frames/pending"
  echo "$ir_block $ir_items" 1<>"$IR_RUN/frames/count"
}

# What could not be written down could not be told either: all ends, and the responder sees the stream break off.
ir_full() {
  echo 'no room in the spool' >&2
  kill -KILL 0
}

# True while a MiB has room. Most programs of busybox end well when a file could not take all of what they print.
ir_room() {
  printf '%1048576s' '' >"$IR_RUN/frames/room" 2>/dev/null
  set -- $?
  : >"$IR_RUN/frames/room"
  return "$1"
}

# Some room for the records of an item of which the data took all.
ir_reserve() {
  printf '%65536s' '' >"$IR_RUN/frames/reserve" 2>/dev/null
}

# Sends what is pending and waits until all of it has left, so that there is room again.
ir_empty() {
  frame_flush
  read -r ir_place <&6
  read -r ir_other <&6
  printf '%s\n' "$ir_place" "$ir_other" >&6
}

# Counts bytes towards the pending block and sends it when it is large enough.
ir_pending() {
  read -r ir_sofar <"$IR_RUN/frames/pending"
  echo "$((ir_sofar + $1))" >"$IR_RUN/frames/pending" || ir_full
  [ "$((ir_sofar + $1))" -lt "$IR_BLOCK" ] || frame_flush
}

# Waits for a child and leaves its status; the watch (boot.sh) kills it when it takes too long.
ir_await() {
  read -r ir_now _ </proc/uptime
  ir_clock "$1" "$((${ir_now%%.*} + 1 + IR_TIMEOUT))"
  wait "$1"
  ir_status=$?
  ir_clock "$1" "$IR_NEVER"
  return "$ir_status"
}

# ir_clock PID DUE: always the same length over what was there, so that there is room for it.
ir_clock() {
  printf '%-10s %-12s\n' "$1" "$2" 1<>"$IR_RUN/frames/alarm"
}

# ir_session PID: leaves the session of a process in $ir_session. A name may have newlines in it; the fields behind it are on
# the last line (proc_pid_stat(5)).
ir_session() {
  ir_stat=
  while read -r ir_line; do ir_stat=$ir_line; done <"/proc/$1/stat" || return
  # shellcheck disable=SC2086  # fields
  set -- ${ir_stat##*) }
  ir_session=${4-}
} 2>/dev/null

# ir_ours PID: true for a process of this session.
ir_ours() {
  ir_session self && ir_own=$ir_session && ir_session "$1" && [ "$ir_session" = "$ir_own" ]
}

# ir_kill PID: ends a child of ours. It may have ended by itself, and its number be anybody's on the node by now.
ir_kill() {
  ! ir_ours "$1" || kill -KILL "$1" 2>/dev/null
}

# Reads descriptor 3 to its end into blocks; ir_pump CAP leaves $ir_length and $ir_stop: '', capped, late or full.
ir_pump() {
  ir_length=0
  ir_stop=
  ir_before=$(stat -c %s "$IR_RUN/frames/data")
  while [ "$ir_length" -lt "$1" ]; do
    ir_want=$((IR_BLOCK - ir_before))
    [ "$ir_want" -le "$(($1 - ir_length))" ] || ir_want=$(($1 - ir_length))
    dd bs=65536 iflag=count_bytes count="$ir_want" <&3 >>"$IR_RUN/frames/data" 2>/dev/null &
    ir_await $! || ir_stop=full
    [ "$ir_status" -ne 137 ] || ir_stop=late
    [ "$ir_stop" != full ] || : >"$IR_RUN/frames/reserve"
    ir_got=$(($(stat -c %s "$IR_RUN/frames/data") - ir_before))
    ir_length=$((ir_length + ir_got))
    echo "data $ir_got" >>"$IR_RUN/frames/meta" || ir_full
    ir_pending "$ir_got"
    ir_before=$((ir_before + ir_got))
    [ -s "$IR_RUN/frames/data" ] || ir_before=0
    [ -z "$ir_stop" ] && [ "$ir_got" -eq "$ir_want" ] || return 0
  done
  dd bs=1 count=1 <&3 >"$IR_RUN/frames/more" 2>/dev/null &
  ir_await $! || ir_stop=full
  [ "$ir_status" -ne 137 ] || ir_stop=late
  [ "$ir_stop" != full ] || : >"$IR_RUN/frames/reserve"
  [ ! -s "$IR_RUN/frames/more" ] || ir_stop=capped
}

# Leaves $ir_outcome and $ir_detail for a reader that failed, from what it printed; $1 when it is something else.
ir_reason() {
  ir_detail=$(dd bs=300 count=1 <"$IR_RUN/frames/err" 2>/dev/null)
  case $ir_detail in
    *'o such file' | *'No such file or directory' | *'No such process' | *'Not a directory') ir_outcome=vanished ;;
    *'Permission denied' | *'Operation not permitted') ir_outcome=denied ;;
    *) ir_outcome=$1 ;;
  esac
  case $ir_detail in
    'sh: '* | 'cat: '* | 'stat: '*) ir_detail=${ir_detail##*: } ;;
  esac
}

# ir_open PIPE: opens both ends, 3 to read it, 4 for its producer. No open waits for the other end: a child that ends breaks
# such a wait off (busybox ash does not open again after EINTR), and the shell ends with it.
ir_open() {
  # shellcheck disable=SC2094  # a pipe
  exec 4<>"$1" 3<"$1" 4>"$1"
}

# Ends a producer that is not done. It dies in its own time, and what it started may live on and write: the next item
# gets a pipe of its own.
ir_drop() {
  ir_kill "$1"
  rm -f "$IR_RUN/frames/pipe"
  mkfifo "$IR_RUN/frames/pipe"
}

# Ends the item whose producer is child $1 and whose cap was $2 (said as $3 when it was hit).
ir_finish() {
  exec 3<&-
  if [ "$ir_stop" = late ]; then
    ir_drop "$1"
    ir_end timeout "$ir_length" "nothing came for $IR_TIMEOUT s"
  elif [ "$ir_stop" = full ]; then
    ir_drop "$1"
    ir_end truncated "$ir_length" 'no room in the spool'
  elif [ "$ir_stop" = capped ]; then
    ir_drop "$1"
    ir_end truncated "$ir_length" "$3 $2 bytes"
  elif ir_await "$1"; then
    ir_end ok "$ir_length" ''
  else
    ir_code=$ir_status
    ir_reason "$([ "$ir_length" -gt 0 ] && echo truncated || echo skipped)"
    case $ir_code in
      97) ir_outcome=vanished ir_detail='replaced before it was opened' ;;
      98) ir_outcome=skipped ir_detail='a link on its way leads out of the mounted node' ;;
      96) ir_outcome=truncated ir_detail="the last $2 of $ir_size bytes" ;;
    esac
    ir_end "$ir_outcome" "$ir_length" "${ir_detail:-exit code $ir_code}"
  fi >>"$IR_RUN/frames/meta" || ir_full
  if [ "$ir_stop" = full ]; then ir_empty && ir_reserve; else ir_pending 512; fi
}

# frame_gap ARTIFACT NAME OUTCOME DETAIL: an item that could not be had.
frame_gap() {
  { ir_item "$1" file "$2" '' - && ir_end "$3" 0 "$4"; } >>"$IR_RUN/frames/meta" || ir_full
  ir_pending "$((512 + 6 * ${#2}))"
}

# Leaves $ir_facts, or frames a gap and fails. ARTIFACT SOURCE NAME
ir_lstat() {
  stat -c "$IR_STAT" -- "$2" >"$IR_RUN/frames/facts" 2>"$IR_RUN/frames/err" &
  ir_await $!
  if [ "$ir_status" -eq 139 ]; then
    stat -c "$(ir_dateless "$IR_STAT")" -- "$2" >"$IR_RUN/frames/facts" 2>"$IR_RUN/frames/err" &
    ir_await $!
  fi
  if [ "$ir_status" -eq 0 ]; then
    # It does not say so where it could not print.
    read -r ir_facts <"$IR_RUN/frames/facts" || ir_full
  else
    [ "$ir_status" -ne 137 ] || echo 'lstat took too long' >"$IR_RUN/frames/err"
    ir_reason "$([ "$ir_status" -eq 137 ] && echo timeout || echo skipped)"
    frame_gap "$1" "$3" "$ir_outcome" "$ir_detail"
    return 1
  fi
}

# frame_skip ARTIFACT SOURCE NAME DETAIL: a file that is not read, with its facts.
frame_skip() {
  ir_lstat "$1" "$2" "$3" || return 0
  { ir_item "$1" file "$3" '' "$ir_facts" && ir_end skipped 0 "$4"; } >>"$IR_RUN/frames/meta" || ir_full
  ir_pending "$((512 + 6 * ${#3}))"
}

# ir_ended PATH: true for what is of a process that has ended since it was listed; its program can't be followed then.
ir_ended() {
  case $1 in
    /proc/[0-9]*/*) ;;
    *) return 1 ;;
  esac
  ir_process=${1#/proc/}
  ! ir_runs "${ir_process%%/*}"
}

# ir_runs PID: true for a process that runs a program; threads of the kernel and what has ended have no memory. Not by a look
# through /proc/PID/exe: that would wait for the file system which the program is on, and never end where that is dead.
ir_runs() {
  IFS=' ' read -r ir_pages _ <"/proc/$1/statm" && [ "$ir_pages" != 0 ]
} 2>/dev/null

# frame_link ARTIFACT SOURCE NAME: a symlink as such.
frame_link() {
  ir_lstat "$1" "$2" "$3" || return 0
  if ir_target=$(readlink -n -- "$2" 2>/dev/null && echo .); then
    { ir_item "$1" symlink "$3" "${ir_target%.}" "$ir_facts" && ir_end ok 0 ''; } >>"$IR_RUN/frames/meta" || ir_full
    ir_pending "$((512 + 6 * (${#3} + ${#ir_target})))"
  elif ir_ended "$2"; then
    frame_gap "$1" "$3" vanished 'the process has ended'
  else
    frame_gap "$1" "$3" skipped 'the link cannot be read'
  fi
}

# frame_file ARTIFACT SOURCE NAME [CAP [end]]: a file, link or directory as it is; never opens anything but a regular
# file, never another than the one that was looked at, and for $HOST/... never one that is not of the node. What is
# longer than CAP is cut; with `end` its last bytes are taken. IR_HOLES=1 takes a file that is mostly holes whole, too.
frame_file() {
  ir_lstat "$1" "$2" "$3" || return 0
  case $ir_facts in
    8*) ;;
    a*) frame_link "$1" "$2" "$3" && return 0 ;;
    4*)
      { ir_item "$1" directory "$3" '' "$ir_facts" && ir_end ok 0 ''; } >>"$IR_RUN/frames/meta" || ir_full
      ir_pending "$((512 + 6 * ${#3}))"
      return 0
      ;;
    *) frame_gap "$1" "$3" skipped 'a pipe, socket or device' && return 0 ;;
  esac
  ir_cap=${4:-$IR_CAP}
  ir_word='cut at'
  ir_sparse && [ -z "${IR_HOLES-}" ] && [ "$ir_cap" -gt 1048576 ] && ir_cap=1048576 && ir_word='sparse, cut at'
  ir_skip=0
  [ "${5-}" != end ] || [ "$ir_size" -le "$ir_cap" ] || ir_skip=$((ir_size - ir_cap))
  ir_item "$1" file "$3" '' "$ir_facts" >>"$IR_RUN/frames/meta" || ir_full
  ir_open "$IR_RUN/frames/pipe"
  (
    exec <"$2"
    [ "$(stat -L -c '%i %d' /proc/self/fd/0)" = "$ir_same" ] || exit 97
    ir_inside "$2" "$(readlink -n /proc/self/fd/0)" || exit 98
    [ "$ir_skip" -gt 0 ] || exec cat
    dd bs=65536 iflag=skip_bytes,count_bytes skip="$ir_skip" count="$ir_cap" 2>/dev/null && exit 96
  ) 2>"$IR_RUN/frames/err" >&4 3<&- 4>&- 9>&- &
  ir_producer=$!
  exec 4>&-
  ir_pump "$ir_cap"
  ir_finish "$ir_producer" "$ir_cap" "$ir_word"
}

# frame_secret ARTIFACT SOURCE NAME: a file that is a secret as a whole: its facts, and the digest of its content in the
# detail, for which the responder puts an HMAC.
frame_secret() {
  ir_lstat "$1" "$2" "$3" || return 0
  ir_sparse
  ir_detail=secret
  case $ir_facts in
    8*)
      (
        exec <"$2"
        [ "$(stat -L -c '%i %d' /proc/self/fd/0)" = "$ir_same" ] || exit 97
        ir_inside "$2" "$(readlink -n /proc/self/fd/0)" || exit 98
        exec sha256sum
      ) >"$IR_RUN/frames/digest" 2>/dev/null &
      ! ir_await $! || [ ! -s "$IR_RUN/frames/digest" ] ||
        ir_detail="secret sha256 $(cut -c 1-64 "$IR_RUN/frames/digest")"
      ;;
  esac
  { ir_item "$1" file "$3" '' "$ir_facts" && ir_end skipped 0 "$ir_detail"; } >>"$IR_RUN/frames/meta" || ir_full
  ir_pending "$((512 + 6 * ${#3}))"
}

# ir_inside SOURCE OPENED: an absolute link on the way to a file of the node ends in the collector's own files.
ir_inside() {
  case $1 in
    "$HOST"/*) ;;
    *) return 0 ;;
  esac
  case $2 in
    "$IR_TOP"/*) ;;
    *) return 1 ;;
  esac
}

# Leaves $ir_same, inode and device, and succeeds when the file in $ir_facts is mostly holes.
ir_sparse() {
  # shellcheck disable=SC2086  # numbers
  set -- $ir_facts
  ir_same="$6 $7"
  ir_size=$4
  # shellcheck disable=SC2086  # numbers
  set -- ${ir_facts##*|}
  [ "$ir_size" -gt 1048576 ] && [ "$(($1 * $2 * 8))" -lt "$ir_size" ]
}

# frame_output ARTIFACT NAME -- COMMAND...: what a command prints; a failed one says so in its detail, and leaves
# its exit code in $ir_status. IR_FACTS are those of the file whose content that is.
frame_output() {
  ir_artifact=$1
  ir_name=$2
  shift 3
  ir_item "$ir_artifact" file "$ir_name" '' "${IR_FACTS:--}" >>"$IR_RUN/frames/meta" || ir_full
  ir_open "$IR_RUN/frames/pipe"
  ("$@") </dev/null 2>"$IR_RUN/frames/err" >&4 3<&- 4>&- 9>&- &
  ir_producer=$!
  exec 4>&-
  ir_pump "$IR_CAP"
  ir_finish "$ir_producer" "$IR_CAP" 'cut at'
}

# Runs the script itself, in a shell of its own.
ir_script() {
  # shellcheck disable=SC2016  # expanded by the inner shell
  sh -c '. "$IR_RUN/common"; . "$IR_RUN/script"' sh "$@"
}

# ir_call LIMIT ARGUMENT...: runs the script, its input on stdin, and frames what it prints; returns its exit code.
ir_call() {
  IR_CAP=$1
  IR_TIMEOUT=86400
  shift
  frame_output call output -- ir_called "$@"
  ir_code=$ir_status
  mv "$IR_RUN/frames/err" "$IR_RUN/frames/said"
  frame_file call "$IR_RUN/frames/said" said 65536
  return "$ir_code"
}
ir_called() {
  ir_script "$@" <"$IR_RUN/input"
}
