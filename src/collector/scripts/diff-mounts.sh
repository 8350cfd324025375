# shellcheck shell=sh
# What lies on mounts that hold what a container wrote and no image: lstat of the entries, nothing is opened.
# Put before diff.sh, or alone before a line that calls `mounts`.

enter() {
  if [ "$door" = node ]; then resolve "$1" && cd "$IR_PLACE"; else cd "/proc/$door/root$1"; fi 2>/dev/null &&
    [ "$(stat -c %d .)" = "$device" ]
}

entries() {
  if ! enter "$1"; then
    echo 'it is not there, or another one' >&2
    return 1
  fi
  [ "$door" = node ] || stat -c 'accessed %x %n' .
  printf '%s>entries\n' "$token"
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  find . -xdev -mindepth 1 -print0 2>/dev/null |
    xargs -0 -r -s 131072 sh -c '. "$IR_RUN/common"; ir_stats "$@"' sh \
      "%f|%u|%g|%s|%h|%i|%t|%T|%Y|%y|%Z|%z|%n$token|%N$token" 2>/dev/null
  printf '%s>over\n' "$token"
}

# mounts TOKEN ID COUNT: takes COUNT pairs of lines off stdin, `DEVICE DOOR` and a path with \0ooo for bytes that are not
# plain. DOOR is `node` for a path of the node, which is read-only here, or a PID for one that only this process sees:
# then reading a directory can move its time of access, so the times are sent first. DEVICE, as stat has it, is that of
# the mount: what is on another one is not entered, wherever a link leads. The N-th pair goes into mounts/N.
mounts() {
  token=$1
  number=0
  while [ "$number" -lt "$3" ] && read -r device door && IFS= read -r escaped; do
    number=$((number + 1))
    path=$(printf '%b.' "$escaped")
    IR_CAP=4194304 IR_TIMEOUT=20 frame_output container-mount "live_response/containers/$2/mounts/$number" -- entries "${path%.}"
  done
}
