# shellcheck shell=sh
# Put before the scripts that look at one container's layers: two read-only views that the kernel makes of them, the image
# and the container, in a mount namespace of our own: they are nobody else's, and gone with this process.
# Sourced again by the shells that xargs starts, where only the functions are wanted.
if [ -z "${IR_PRIVATE:-}" ]; then
  # shellcheck disable=SC2016  # expanded by the inner shell
  IR_PRIVATE=1 exec unshare -m --propagation private sh -c '. "$IR_RUN/common"; . "$IR_RUN/script"' sh "$@"
fi
export IR_TIMEOUT=300 IR_VIEWS="$IR_RUN/views"

# layer NUMBER PATH: a short name for a layer, because the kernel takes 4096 bytes of options and no colons in paths.
layer() {
  if ! resolve "$2" || [ ! -d "$IR_PLACE" ]; then
    fail "layer $1 of the container is not on the node's disk (0 is the writable one)"
  fi
  ln -s "$IR_PLACE" "$IR_VIEWS/layer/$1"
}

# layers COUNT: takes so many paths off stdin, the writable layer first, each with \0ooo for bytes that are not plain.
# Leaves their numbers in $lowers and where the writable one lies on the node in $upper.
layers() {
  mkdir -p "$IR_VIEWS/layer" "$IR_VIEWS/nothing" "$IR_VIEWS/none"
  lowers='' number=0
  while [ "$number" -lt "$1" ] && IFS= read -r escaped; do
    case $escaped in
      *\\*) path=$(printf '%b.' "$escaped") ;;
      *) path=$escaped. ;;
    esac
    layer "$number" "${path%.}"
    # shellcheck disable=SC2034  # for scripts
    [ "$number" -gt 0 ] || upper=${IR_PLACE#"$HOST"}
    lowers=$lowers:$number
    number=$((number + 1))
  done
  lowers=${lowers#:0}
  lowers=${lowers#:}
  lowers=${lowers:-none}
  cd "$IR_VIEWS/layer" || fail 'the layers could not be entered'
  ln -s ../nothing nothing
  ln -s ../none none
}

# view NAME LAYERS OPTIONS: mounts layers as the kernel would for a container. Like `whole`, at a directory that is named
# by the script's random $token.
view() {
  # shellcheck disable=SC2154  # of the script
  mkdir -p "$IR_VIEWS/$1/$token"
  cd "$IR_VIEWS/layer" || return 1
  mount -t overlay -o "ro,index=off$3,lowerdir=$2" overlay "$IR_VIEWS/$1/$token" 2>"$IR_RUN/why"
}

# whole NAME LAYER: mounts a directory that is a view by itself, read-only.
whole() {
  mkdir -p "$IR_VIEWS/$1/$token"
  cd "$IR_VIEWS/layer" || return 1
  { mount -o bind "$2" "$IR_VIEWS/$1/$token" && mount -o remount,bind,ro,noatime "$IR_VIEWS/$1/$token"; } 2>"$IR_RUN/why"
}

# image OPTIONS: the view of the image; `copy` is for containers whose root is a full copy of one.
image() {
  if [ "$1" = copy ]; then whole image "${lowers%%:*}"; else view image "$lowers:nothing" "$1"; fi ||
    fail "the image cannot be mounted: $(cat "$IR_RUN/why")"
}

# each LIST COMMAND...: runs it on the NUL-ended paths of a list. Through a pipe: an applet that busybox runs without
# exec puts a file's offset back when it ends, and xargs would read the same paths again, cut.
each() {
  [ -s "$1" ] || return 0
  list=$1
  shift
  # shellcheck disable=SC2002  # see above
  cat "$list" | xargs -0 -r -s 131072 "$@"
}

# regular VIEW LIST FIND_ARGUMENTS...: the regular files of a list; nothing else is ever opened.
regular() {
  cd "$IR_VIEWS/$1" || return 1
  list=$2
  shift 2
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  each "$list" sh -c 'exec find "$@" -maxdepth 0 -type f '"$*"' -print0' sh 2>/dev/null
}
