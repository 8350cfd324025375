# shellcheck shell=sh
# Second part of what is put before every script: many small files at a time, some 0.3 ms each instead of 8.

ir_most=131072                  # files above this size are read one at a time

# frame_list ARTIFACT STRIP PREFIX [CAP]: files, links and directories whose absolute paths come on stdin, each
# ended by NUL; STRIP at the start of a path becomes PREFIX in its name. The file that is opened is not compared
# with the one looked at: use frame_file where a container can write.
frame_list() {
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  xargs -0 -r -n 32 sh -c '. "$IR_RUN/common"; exec </dev/null; ir_batch "$@"' sh "$1" "$2" "$3" "${4:-$IR_CAP}"
}

# frame_files ARTIFACT STRIP PREFIX CAP PATH...: the same for paths given as words.
frame_files() {
  if [ "$#" -le 36 ]; then
    ir_batch "$@"
  else
    ir_artifact=$1 ir_strip=$2 ir_prefix=$3 ir_cap=$4
    shift 4
    printf '%s\0' "$@" | frame_list "$ir_artifact" "$ir_strip" "$ir_prefix" "$ir_cap"
  fi
}

# ir_batch ARTIFACT STRIP PREFIX CAP PATH...: at most 32 paths. One stat, one cp and one cat for all of them;
# whatever is not a small plain file, or went wrong, is done again on its own by frame_file.
ir_batch() {
  ir_artifact=$1 ir_strip=$2 ir_prefix=$3 ir_cap=$4
  shift 4
  ir_limit=$ir_most
  [ "$ir_cap" -ge "$ir_limit" ] || ir_limit=$ir_cap
  ir_weight=0
  ir_said=
  : >"$IR_RUN/frames/slow"
  stat -c "$IR_STAT $IR_TOKEN%n$IR_TOKEN%N$IR_TOKEN" -- "$@" \
    >"$IR_RUN/frames/facts" 2>"$IR_RUN/frames/err" &
  ir_await $! || ir_said=$(cat "$IR_RUN/frames/err")
  ir_small=
  ir_part=
  ir_left=$#
  set -f
  IFS=$IR_LF
  # shellcheck disable=SC2013  # a word is a line here, and this is faster than read
  for ir_record in $(cat "$IR_RUN/frames/facts"); do
    ir_record=$ir_part$ir_record
    case $ir_record in
      *"$IR_TOKEN"*"$IR_TOKEN"*"$IR_TOKEN") ir_part= ;;
      *) ir_part=$ir_record$IR_LF && continue ;;
    esac
    ir_split
    ir_path=
    while [ "$ir_left" -gt 0 ] && [ "$ir_path" != "$ir_found" ]; do
      [ -z "$ir_path" ] || ir_missing
      ir_path=$1
      ir_name=$ir_prefix${ir_path#"$ir_strip"}
      ir_left=$((ir_left - 1))
      shift
    done
    if [ "$ir_path" != "$ir_found" ]; then
      [ -z "$ir_path" ] || ir_missing
      continue
    fi
    case $ir_facts in
      8*)
        if [ "$ir_size" -le "$ir_limit" ]; then
          ir_small=$ir_small$ir_facts$IR_LF
          set -- "$@" "$ir_path"
        else
          ir_later "$ir_path"
        fi
        ;;
      a*) ir_symlink ;;
      4*) ir_at_once directory "$ir_facts" ok '' ;;
      *) ir_later "$ir_path" ;;
    esac
    ir_weight=$((ir_weight + 512 + 6 * (${#ir_name} + ${#ir_link})))
  done
  set +f
  unset IFS
  while [ "$ir_left" -gt 0 ]; do
    ir_path=$1
    ir_name=$ir_prefix${ir_path#"$ir_strip"}
    ir_left=$((ir_left - 1))
    shift
    ir_missing
  done
  ir_copy "$@"
  ir_pending "$ir_weight"
  [ ! -s "$IR_RUN/frames/slow" ] || ir_slow
}

# Splits $ir_record, which is the facts, the name, and the name with the target if any, each ended by the token.
ir_split() {
  ir_facts=${ir_record%%" $IR_TOKEN"*}
  ir_record=${ir_record#*" $IR_TOKEN"}
  ir_found=${ir_record%%"$IR_TOKEN"*}
  ir_link=${ir_record#*"$IR_TOKEN"}
  ir_link=${ir_link%"$IR_TOKEN"}
  ir_size=${ir_facts#* * * }
  ir_size=${ir_size%% *}
}

# Leaves paths to frame_file.
ir_later() {
  printf '%s\0' "$@" >>"$IR_RUN/frames/slow" || ir_full
}

# ir_at_once TYPE FACTS OUTCOME DETAIL [TARGET]: frames $ir_name, which has no data.
ir_at_once() {
  { ir_item "$ir_artifact" "$1" "$ir_name" "${5-}" "$2" && ir_end "$3" 0 "$4"; } || ir_full
} >>"$IR_RUN/frames/meta"

# Frames a gap for $ir_path when a tool said in $ir_said why it could not be had, else leaves it to frame_file.
ir_missing() {
  case $ir_said in
    *"'$ir_path': No such "*) ir_at_once file - vanished 'No such file or process' ;;
    *"'$ir_path': Permission denied"*) ir_at_once file - denied 'Permission denied' ;;
    *"'$ir_path': Operation not permitted"*) ir_at_once file - denied 'Operation not permitted' ;;
    *) ir_later "$ir_path" ;;
  esac
}

# Frames the link in $ir_path, $ir_link being 'PATH' -> 'TARGET', or nothing for a link that cannot be read.
ir_symlink() {
  case $ir_link in
    "'$ir_path' -> '"*"'")
      ir_target=${ir_link#"'$ir_path' -> '"}
      ir_at_once symlink "$ir_facts" ok '' "${ir_target%?}"
      ;;
    '')
      if ir_ended "$ir_path"; then
        ir_at_once file - vanished 'the process has ended'
      else
        ir_at_once symlink "$ir_facts" skipped 'the link cannot be read'
      fi
      ;;
    *) ir_later "$ir_path" ;;
  esac
}

# Copies small files into the spool, where they hold still, and frames what arrived whole.
ir_copy() {
  [ "$#" -gt 0 ] || return 0
  ir_spool=$IR_RUN/frames/copy
  rm -rf "$ir_spool"
  mkdir "$ir_spool"
  (
    ulimit -f "$((ir_limit / 512 + 1))"
    trap '' XFSZ
    exec cp -P --parents -- "$@" "$ir_spool"
  ) 2>"$IR_RUN/frames/err" &
  ir_said=
  ir_await $! || {
    ir_harmless $? || {
      rm -rf "$ir_spool"
      ir_later "$@"
      return 0
    }
    ir_said=$(cat "$IR_RUN/frames/err")
  }
  ir_kept=
  for ir_path; do
    shift
    if [ -f "$ir_spool$ir_path" ] && [ ! -L "$ir_spool$ir_path" ]; then
      ir_kept=$ir_kept${ir_small%%"$IR_LF"*}$IR_LF
      set -- "$@" "$ir_spool$ir_path"
    else
      ir_name=$ir_prefix${ir_path#"$ir_strip"}
      ir_missing
    fi
    ir_small=${ir_small#*"$IR_LF"}
  done
  [ "$#" -gt 0 ] || return 0
  ir_sizes=$(stat -c %s -- "$@")$IR_LF
  for ir_path; do
    shift
    ir_size=${ir_sizes%%"$IR_LF"*}
    ir_path=${ir_path#"$ir_spool"}
    if [ "$ir_size" -le "$ir_limit" ]; then
      {
        ir_item "$ir_artifact" file "$ir_prefix${ir_path#"$ir_strip"}" '' "${ir_kept%%"$IR_LF"*}" &&
          printf 'data %s\n' "$ir_size" && ir_end ok "$ir_size" ''
      } || ir_full
      ir_weight=$((ir_weight + ir_size))
      set -- "$@" "$ir_spool$ir_path"
    else
      ir_later "$ir_path"
    fi
    ir_sizes=${ir_sizes#*"$IR_LF"}
    ir_kept=${ir_kept#*"$IR_LF"}
  done >>"$IR_RUN/frames/meta"
  [ "$#" -eq 0 ] || cat -- "$@" >>"$IR_RUN/frames/data" || ir_full
}

# ir_harmless CODE: true when cp only failed for files that are then missing in the spool, or too long there. A name can make a
# second line look harmless, but not the first one. Where the spool is full, nothing of what it says may be there.
ir_harmless() {
  [ "$1" -ne 137 ] && [ -s "$IR_RUN/frames/err" ] && ir_room || return 1
  while IFS= read -r ir_line; do
    case $ir_line in
      "cp: can't stat '"* | "cp: can't open '"* | 'cp: write error: File too large') ;;
      *) return 1 ;;
    esac
  done <"$IR_RUN/frames/err"
}

# Frames one by one what the batch could not.
ir_slow() {
  mv "$IR_RUN/frames/slow" "$IR_RUN/frames/again"
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  xargs -0 sh -c '. "$IR_RUN/common"; exec </dev/null
    artifact=$1 strip=$2 prefix=$3 cap=$4; shift 4
    for path; do frame_file "$artifact" "$path" "$prefix${path#"$strip"}" "$cap"; done' \
    sh "$ir_artifact" "$ir_strip" "$ir_prefix" "$ir_cap" <"$IR_RUN/frames/again"
}

# ir_stats FORMAT PATH...: what stat says of files. A time that is in no calendar, which anybody can give a file in memory, ends it with
# all that it has not said yet (busybox, strftime(3) of no date): then each is asked about alone, and that one without its dates.
ir_stats() {
  ir_format=$1
  shift
  stat -c "$ir_format" -- "$@" >"$IR_RUN/stats.$$"
  if [ "$?" -lt 128 ] && ir_room; then
    cat "$IR_RUN/stats.$$"
  else
    for ir_path; do
      stat -c "$ir_format" -- "$ir_path" || [ "$?" -lt 128 ] || stat -c "$(ir_dateless "$ir_format")" -- "$ir_path"
    done
  fi
  rm -f "$IR_RUN/stats.$$"
  return 0
}
# A format of stat with no fraction of a second in place of each date; seconds have no limit.
ir_dateless() { printf '%s' "$1" | sed 's/%[xyz]/-.000000000 -/g'; }

# ir_looks FORMAT: what stat says of the files behind the links on stdin, each ended by NUL, a line each; of those that are gone
# nothing. One on a file system that does not answer must not take the others with it, nor hold up anybody: what took its
# question and keeps silent can't even be killed, so nobody waits for it.
ir_looks() {
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  xargs -0 -r -n 64 sh -c '
    format=$1 room=$IR_RUN/frames/looks.$$ number=0
    shift
    look() {
      limit=$1 number=$((number + 1)) said=
      shift
      (stat -L -c "$format" -- "$@" >"$room.$number" 2>/dev/null; echo "$number" >&4) </dev/null >/dev/null 2>&1 9>&- &
      until [ "$said" = "$number" ]; do
        read -t "$limit" -r said <&4 || { kill -KILL "$!" && return 1; }
      done
      cat "$room.$number"
    }
    mkfifo "$room" && exec 4<>"$room" || exit
    look 3 "$@" || for path; do look 1 "$path"; done
    rm -f "$room" "$room".*' sh "$1" 2>/dev/null
  return 0
}

# pods_processes UID: the PIDs in the cgroups of a pod, whose uid is written with - or _ there; all processes without one.
pods_processes() {
  if [ -z "$1" ]; then
    (cd /proc && echo [0-9]*)
  else
    grep -l -s -F -e "pod$1" -e "pod$(echo "$1" | tr - _)" /proc/[0-9]*/cgroup | cut -d / -f 3
  fi
}
