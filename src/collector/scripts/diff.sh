# shellcheck shell=sh
# What one container changed in its overlay file system: reads the writable layer, and judges it through two read-only
# views that the kernel makes, the image and the container. Time goes with the changes, not with the image.
# Arguments: TOKEN ID LIMIT OPTIONS   files above LIMIT KiB are not hashed. OPTIONS are the overlay's, or `copy` where the
# container is a full copy of its image: then everything is looked at. TOKEN is random: it names the directory in
# which each view is mounted, so it starts every path and no path can look like another record.
# Input: the absolute paths on the node of the writable layer and of the image's layers, topmost first, one a line with
# \0ooo for bytes that are not plain.
if [ -z "${IR_PRIVATE:-}" ]; then
  # Mounts in a namespace of our own: they are nobody else's, and gone with this process.
  # shellcheck disable=SC2016  # expanded by the inner shell
  IR_PRIVATE=1 exec unshare -m --propagation private sh -c '. "$IR_RUN/common"; . "$IR_RUN/script"' sh "$@"
fi
token=$1 id=$2 limit=$3 options=$4
dir=live_response/containers/$id/diff
export IR_TIMEOUT=300 IR_CAP=268435456

# each LIST COMMAND...: runs it on the NUL-ended paths of a list. Through a pipe: an applet that busybox runs without
# exec puts a file's offset back when it ends, and xargs would read the same paths again, cut.
each() {
  list=$1
  shift
  # shellcheck disable=SC2002  # see above
  cat "$list" | xargs -0 -r "$@"
}

fail() {
  frame_gap container-diff "$dir/views" skipped "$1"
  exit 0
}

# layer NUMBER PATH: a short name for a layer, because the kernel takes 4096 bytes of options and no colons in paths.
layer() {
  if ! resolve "$2" || [ ! -d "$IR_PLACE" ]; then
    fail "layer $1 of the container is not on the node's disk (0 is the writable one)"
  fi
  ln -s "$IR_PLACE" "$views/layer/$1"
}

# view NAME LAYERS OPTIONS: mounts layers as the kernel would for a container.
view() {
  cd "$views/layer" || return 1
  mount -t overlay -o "ro,index=off$3,lowerdir=$2" overlay "$views/$1/$token" 2>"$IR_RUN/why"
}

# whole NAME LAYER: mounts a directory that is a view by itself, read-only.
whole() {
  cd "$views/layer" || return 1
  { mount -o bind "$2" "$views/$1/$token" && mount -o remount,bind,ro,noatime "$views/$1/$token"; } 2>"$IR_RUN/why"
}

# names VIEW LIST FIND_ARGUMENTS...: what a view has below the directories of a list.
names() {
  cd "$views/$1" || return 1
  list=$IR_RUN/$2
  shift 2
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  each "$list" sh -c 'for d; do [ ! -d "$d" ] || printf "%s\0" "$d"; done' sh |
    xargs -0 -r sh -c 'exec find "$@" -mindepth 1 '"$*"' -print0' sh 2>>"$IR_RUN/complaints"
}

# Directories that were renamed and only point to where the image has them: a view that refuses to follow them
# (overlayfs.rst, redirect_dir=nofollow) cannot enter them.
redirected() {
  view plain "0:$lowers" ,redirect_dir=nofollow,metacopy=off || return 1
  cd "$views/plain" || return 1
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  each "$IR_RUN/directories" sh -c 'for d; do [ -d "$d" ] || printf "%s\0" "$d"; done' sh
}

# only LIST OTHER: what LIST has and OTHER has not, each once.
only() { sort -zu "$IR_RUN/$1" | sort -z - "$IR_RUN/$2" "$IR_RUN/$2" | uniq -zu; }

# in_view VIEW LIST COMMAND...: runs the command on every path of a list at once. A path that a view lacks is no error.
in_view() {
  cd "$views/$1" || return 1
  shift
  each "$@" 2>/dev/null
  printf '%send\n' "$token"
}

ended() { cat "$1" && printf '%send\n' "$token"; }

# regular VIEW LIST FIND_ARGUMENTS...: the regular files of a list; nothing else is ever opened.
regular() {
  cd "$views/$1" || return 1
  list=$2
  shift 2
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  each "$list" sh -c 'exec find "$@" -maxdepth 0 -type f '"$*"' -print0' sh 2>/dev/null
}

views=$IR_RUN/views
mkdir -p "$views/layer" "$views/nothing" "$views/none"
for name in upper image container plain; do mkdir -p "$views/$name/$token"; done
lowers='' number=0
while IFS= read -r escaped; do
  path=$(printf '%b.' "$escaped")
  layer "$number" "${path%.}"
  [ "$number" -gt 0 ] || upper=${IR_PLACE#"$HOST"}
  lowers=$lowers:$number
  number=$((number + 1))
done <"$IR_RUN/input"
lowers=${lowers#:0}
lowers=${lowers#:}
lowers=${lowers:-none}
cd "$views/layer" || fail 'the layers could not be entered'
ln -s ../nothing nothing
ln -s ../none none
frame_output container-diff "$dir/upper.path" -- printf '%s' "$upper"
if [ "$options" = copy ]; then
  whole image "${lowers%%:*}" || fail "the image cannot be mounted: $(cat "$IR_RUN/why")"
  whole container 0 || fail "the container cannot be mounted: $(cat "$IR_RUN/why")"
else
  view image "$lowers:nothing" "$options" || fail "the image cannot be mounted: $(cat "$IR_RUN/why")"
  view container "0:$lowers" "$options" || fail "the container cannot be mounted: $(cat "$IR_RUN/why")"
fi
whole upper 0 || fail "the writable layer cannot be mounted read-only: $(cat "$IR_RUN/why")"

cd "$views/upper" || fail 'the writable layer cannot be entered'
: >"$IR_RUN/complaints"
find "$token" -xdev -print0 >"$IR_RUN/paths" 2>>"$IR_RUN/complaints"
find "$token" -xdev -type d -print0 >"$IR_RUN/directories" 2>/dev/null
case $options in
  *redirect_dir*) redirected >"$IR_RUN/redirected" || fail "renamed directories cannot be told: $(cat "$IR_RUN/why")" ;;
  *) : >"$IR_RUN/redirected" ;;
esac
for side in image container; do
  names "$side" directories -maxdepth 1 >"$IR_RUN/$side.names"
  names "$side" redirected -xdev >>"$IR_RUN/$side.names"
done
# What the writable layer does not name and is to be looked at: all below such directories, and what only one side has.
{
  for side in image container; do names "$side" redirected -xdev; done
  only image.names container.names
  only container.names image.names
} >"$IR_RUN/more"
only more paths >"$IR_RUN/unnamed"
cat "$IR_RUN/unnamed" >>"$IR_RUN/paths"

facts="%f|%u|%g|%s|%h|%t|%T|%Y|%y|%Z|%z|%n$token|%N$token"
for side in upper image container; do
  frame_output container-diff "$dir/$side.stat" -- in_view "$side" "$IR_RUN/paths" stat -c "$facts"
done
regular container "$IR_RUN/paths" >"$IR_RUN/files"
regular container "$IR_RUN/files" -size "-$((limit + 1))k" >"$IR_RUN/container.files"
regular image "$IR_RUN/files" -size "-$((limit + 1))k" >"$IR_RUN/image.files"
frame_output container-diff "$dir/container.start" -- in_view container "$IR_RUN/files" head -v -c 4
for side in image container; do
  frame_output container-diff "$dir/$side.names" -- ended "$IR_RUN/$side.names"
  frame_output container-diff "$dir/$side.sha256" -- in_view "$side" "$IR_RUN/$side.files" sha256sum
  if command -v getfattr >/dev/null; then
    frame_output container-diff "$dir/$side.capability" -- \
      in_view "$side" "$IR_RUN/files" getfattr -h -n security.capability
  else
    frame_gap container-diff "$dir/$side.capability" skipped 'the collector image has no getfattr'
  fi
done
frame_output container-diff "$dir/walk.errors" -- cat "$IR_RUN/complaints"
