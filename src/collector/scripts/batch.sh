# shellcheck shell=sh
# Second part of what is put before every script: many small files at a time, some 0.3 ms each instead of 8.

ir_most=131072                  # files above this size are read one at a time
ir_lf='
'

# frame_list ARTIFACT STRIP PREFIX [CAP]: files, links and directories whose absolute paths come on stdin, each
# ended by NUL; STRIP at the start of a path becomes PREFIX in its name. The file that is opened is not compared
# with the one looked at: use frame_file where a container can write.
frame_list() {
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  xargs -0 -n 32 sh -c '. "$IR_RUN/common"; exec </dev/null; ir_batch "$@"' sh "$1" "$2" "$3" "${4:-$IR_CAP}"
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
  : >"$IR_RUN/slow"
  stat -c "$IR_STAT $IR_TOKEN%n$IR_TOKEN%N$IR_TOKEN" -- "$@" >"$IR_RUN/facts" 2>/dev/null &
  ir_await $!
  ir_all=$(cat "$IR_RUN/facts")
  ir_small=
  ir_record
  for ir_path; do
    shift
    if [ "$ir_found" != "$ir_path" ]; then
      printf '%s\0' "$ir_path" >>"$IR_RUN/slow"
      continue
    fi
    ir_name=$ir_prefix${ir_path#"$ir_strip"}
    case $ir_facts in
      8*)
        # shellcheck disable=SC2086  # numbers
        if ir_fits $ir_facts; then
          ir_small=$ir_small$ir_facts$ir_lf
          set -- "$@" "$ir_path"
        else
          printf '%s\0' "$ir_path" >>"$IR_RUN/slow"
        fi
        ;;
      a*) ir_symlink ;;
      4*) { ir_item "$ir_artifact" directory "$ir_name" '' "$ir_facts" && ir_end ok 0 ''; } >>"$IR_RUN/meta" ;;
      *) printf '%s\0' "$ir_path" >>"$IR_RUN/slow" ;;
    esac
    ir_weight=$((ir_weight + 512 + 6 * (${#ir_name} + ${#ir_link})))
    ir_record
  done
  ir_copy "$@"
  ir_pending "$ir_weight"
  [ ! -s "$IR_RUN/slow" ] || ir_slow
}

# Takes the next record off $ir_all.
ir_record() {
  ir_facts=${ir_all%%" $IR_TOKEN"*}
  ir_all=${ir_all#*" $IR_TOKEN"}
  ir_found=${ir_all%%"$IR_TOKEN"*}
  ir_all=${ir_all#*"$IR_TOKEN"}
  ir_link=${ir_all%%"$IR_TOKEN"*}
  ir_all=${ir_all#*"$IR_TOKEN"}
  ir_all=${ir_all#"$ir_lf"}
}

# ir_fits FACTS: a file that is small and says so truthfully, as far as lstat knows.
ir_fits() {
  [ "$4" -le "$ir_limit" ]
}

# Frames the link in $ir_path, $ir_link being 'PATH' -> 'TARGET', or nothing for a link that cannot be read.
ir_symlink() {
  case $ir_link in
    "'$ir_path' -> '"*"'")
      ir_target=${ir_link#"'$ir_path' -> '"}
      { ir_item "$ir_artifact" symlink "$ir_name" "${ir_target%?}" "$ir_facts" && ir_end ok 0 ''; } >>"$IR_RUN/meta"
      ;;
    *) printf '%s\0' "$ir_path" >>"$IR_RUN/slow" ;;
  esac
}

# Copies small files into the spool, where they hold still, and frames what arrived whole.
ir_copy() {
  [ "$#" -gt 0 ] || return 0
  ir_spool=$IR_RUN/copy
  rm -rf "$ir_spool"
  mkdir "$ir_spool"
  (
    ulimit -f "$((ir_limit / 512 + 1))"
    trap '' XFSZ
    exec cp -P --parents -- "$@" "$ir_spool"
  ) 2>"$IR_RUN/err" &
  ir_await $! || ir_harmless $? || {
    printf '%s\0' "$@" >>"$IR_RUN/slow"
    return 0
  }
  ir_kept=
  for ir_path; do
    shift
    if [ -f "$ir_spool$ir_path" ] && [ ! -L "$ir_spool$ir_path" ]; then
      ir_kept=$ir_kept${ir_small%%"$ir_lf"*}$ir_lf
      set -- "$@" "$ir_spool$ir_path"
    else
      printf '%s\0' "$ir_path" >>"$IR_RUN/slow"
    fi
    ir_small=${ir_small#*"$ir_lf"}
  done
  [ "$#" -gt 0 ] || return 0
  ir_sizes=$(stat -c %s -- "$@")$ir_lf
  for ir_path; do
    shift
    ir_size=${ir_sizes%%"$ir_lf"*}
    ir_path=${ir_path#"$ir_spool"}
    if [ "$ir_size" -le "$ir_limit" ]; then
      ir_item "$ir_artifact" file "$ir_prefix${ir_path#"$ir_strip"}" '' "${ir_kept%%"$ir_lf"*}"
      printf 'data %s\n' "$ir_size"
      ir_end ok "$ir_size" ''
      ir_weight=$((ir_weight + ir_size))
      set -- "$@" "$ir_spool$ir_path"
    else
      printf '%s\0' "$ir_path" >>"$IR_RUN/slow"
    fi
    ir_sizes=${ir_sizes#*"$ir_lf"}
    ir_kept=${ir_kept#*"$ir_lf"}
  done >>"$IR_RUN/meta"
  [ "$#" -eq 0 ] || cat -- "$@" >>"$IR_RUN/data"
}

# ir_harmless CODE: true when cp only failed for files that are then missing in the spool, or too long there. A name can make a
# second line look harmless, but not the first one.
ir_harmless() {
  [ "$1" -ne 137 ] || return 1
  while IFS= read -r ir_line; do
    case $ir_line in
      "cp: can't stat '"* | "cp: can't open '"* | 'cp: write error: File too large') ;;
      *) return 1 ;;
    esac
  done <"$IR_RUN/err"
}

# Frames one by one what the batch could not.
ir_slow() {
  mv "$IR_RUN/slow" "$IR_RUN/again"
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  xargs -0 sh -c '. "$IR_RUN/common"; exec </dev/null
    artifact=$1 strip=$2 prefix=$3 cap=$4; shift 4
    for path; do frame_file "$artifact" "$path" "$prefix${path#"$strip"}" "$cap"; done' \
    sh "$ir_artifact" "$ir_strip" "$ir_prefix" "$ir_cap" <"$IR_RUN/again"
}
