# shellcheck shell=sh
# What lies on mounts that hold what a container wrote and no image: lstat of the entries, nothing is opened.
# Arguments: TOKEN ID. Input: lines in pairs, `DEVICE DOOR` and a path with \0ooo for bytes that are not plain. DOOR is
# `node` for a path of the node, which is read-only here, or a PID for one that only this process sees: then reading a
# directory can move its time of access, so the times are sent first. DEVICE, as stat has it, is that of the mount: what
# is on another one is not entered, wherever a link leads. The N-th pair goes into mounts/N.
token=$1 id=$2
dir=live_response/containers/$id/mounts
export IR_CAP=4194304

enter() {
  if [ "$door" = node ]; then resolve "$1" && cd "$IR_PLACE"; else cd "/proc/$door/root$1"; fi 2>/dev/null &&
    [ "$(stat -c %d .)" = "$device" ]
}

format="%f|%u|%g|%s|%h|%i|%t|%T|%Y|%y|%Z|%z|%n$token|%N$token"

entries() {
  [ "$door" = node ] || stat -c 'accessed %x %n' .
  printf '%s>entries\n' "$token"
  find . -xdev -mindepth 1 -print0 2>/dev/null | xargs -0 -r stat -c "$format" 2>/dev/null
  printf '%s>over\n' "$token"
}

number=0
while read -r device door && IFS= read -r escaped; do
  number=$((number + 1))
  path=$(printf '%b.' "$escaped")
  if enter "${path%.}"; then
    frame_output container-mount "$dir/$number" -- entries
  else
    frame_gap container-mount "$dir/$number" skipped 'it is not there, or another one'
  fi
done <"$IR_RUN/input"
