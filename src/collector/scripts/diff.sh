# shellcheck shell=sh
# What one container changed in its overlay file system: reads the writable layer, and judges it through the views of
# diff-views.sh. Time goes with the changes, not with the image, and what is known is sent while the rest is read.
# Arguments: TOKEN ID LIMIT OPTIONS   files above LIMIT KiB are not hashed. OPTIONS are the overlay's, or `copy` where the
# container is a full copy of its image: then everything is looked at. TOKEN is random: it names the directory in
# which each view is mounted, so it starts every path and no path can look like another record.
# Input: the absolute paths on the node of the writable layer and of the image's layers, topmost first, one a line with
# \0ooo for bytes that are not plain.

section() { printf '%s>%s\n' "$token" "$1"; }

# complain: keeps of what a tool said only what is more than that a side lacks a path.
complain() {
  grep -E ': (File name too long|I/O error|Input/output error|Structure needs cleaning|Bad message|Stale file handle|Permission denied|Operation not permitted|Out of memory|Cannot allocate memory)$' >>"$IR_RUN/complaints"
}

# direct LIST: those of the paths to which no link of the image leads: a directory may stand where the image has a link.
direct() {
  cd "$IR_VIEWS/image" || return 1
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  each "$1" sh -c 'for path; do
    way=${path%/*}
    while [ "$way" != "${way%/*}" ] && [ ! -L "$way" ]; do way=${way%/*}; done
    [ -L "$way" ] || printf "%s\0" "$path"
  done' sh
}

# stats VIEW LIST: lstat of the batch. Absent paths are no error.
stats() {
  section "$1.stat"
  cd "$IR_VIEWS/$1" || return 1
  { each "$IR_RUN/$2" stat -c "%f|%u|%g|%s|%h|%i|%t|%T|%Y|%y|%Z|%z|%n$token|%N$token" 2>&1 >&3 | complain; } 3>&1
}

# contents VIEW LIST NAME COMMAND...: runs the command on the regular files of a list at once.
contents() {
  section "$1.$3"
  cd "$IR_VIEWS/$1" || return 1
  list=$IR_RUN/$2
  shift 3
  each "$list" "$@" 2>/dev/null
}

# batch KIND PATH...: all that is known of some paths; of what the container deleted, its directories' facts too.
batch() {
  section "batch $1"
  section paths
  kind=$1
  shift
  printf '%s\0' "$@" | tee "$IR_RUN/batch.all"
  if [ "$kind" = deleted ]; then
    for path; do printf '%s\0' "${path%/*}"; done | sort -zu - "$IR_RUN/batch.all" >"$IR_RUN/batch.sorted"
    mv "$IR_RUN/batch.sorted" "$IR_RUN/batch.all"
  fi
  cp "$IR_RUN/batch.all" "$IR_RUN/batch.image"
  [ ! -s "$IR_RUN/linked" ] || direct "$IR_RUN/batch.all" >"$IR_RUN/batch.image"
  stats upper batch.all
  stats image batch.image
  stats container batch.all
  [ "$kind" = present ] || return 0
  regular container "$IR_RUN/batch.all" >"$IR_RUN/container.regular"
  regular container "$IR_RUN/container.regular" -size "-$((limit + 1))k" >"$IR_RUN/container.files"
  regular image "$IR_RUN/batch.image" >"$IR_RUN/image.regular"
  regular image "$IR_RUN/image.regular" -size "-$((limit + 1))k" >"$IR_RUN/image.files"
  contents container container.regular start head -v -c 4
  for side in image container; do
    contents "$side" "$side.files" sha256 sha256sum
    command -v getfattr >/dev/null || continue
    contents "$side" "$side.regular" capability getfattr -h -n security.capability
  done
}

# A view that the shells of xargs run one batch in.
if [ "${IR_STEP:-}" = batch ]; then
  token=$IR_VIEW_TOKEN limit=$IR_HASH_LIMIT
  batch "$@"
  return 0
fi

token=$1 id=$2 limit=$3 options=$4
dir=live_response/containers/$id/diff
export IR_CAP=17179869184 IR_VIEW_TOKEN="$token" IR_HASH_LIMIT="$limit"

fail() {
  frame_gap container-diff "$dir/views" skipped "$1"
  exit 0
}

# batches KIND LIST
batches() {
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  IR_STEP='batch' each "$IR_RUN/$2" sh -c '. "$IR_RUN/script"' sh "$1"
}

# names VIEW LIST FIND_ARGUMENTS...: what a view has below the directories of a list.
names() {
  cd "$IR_VIEWS/$1" || return 1
  list=$IR_RUN/$2
  shift 2
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  each "$list" sh -c 'for d; do [ ! -d "$d" ] || [ -L "$d" ] || printf "%s\0" "$d"; done' sh |
    xargs -0 -r sh -c 'exec find "$@" -mindepth 1 '"$*"' -print0' sh 2>>"$IR_RUN/complaints"
}

# Directories that were renamed and only point to where the image has them: a view that refuses to follow them
# (overlayfs.rst, redirect_dir=nofollow) cannot enter them.
redirected() {
  # shellcheck disable=SC2154  # left by layers
  view plain "0:$lowers" ,redirect_dir=nofollow,metacopy=off || return 1
  cd "$IR_VIEWS/plain" || return 1
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  each "$IR_RUN/directories" sh -c 'for d; do [ -d "$d" ] || printf "%s\0" "$d"; done' sh
}

# absent VIEW LIST: what of a list a view has not. (busybox uniq takes a newline for the end of a name.)
absent() {
  cd "$IR_VIEWS/$1" || return 1
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  each "$IR_RUN/$2" sh -c 'for path; do [ -L "$path" ] || [ -e "$path" ] || printf "%s\0" "$path"; done' sh
}

layers 1000 <"$IR_RUN/input"
image "$options"
if [ "$options" = copy ]; then
  whole container 0 || fail "the container cannot be mounted: $(cat "$IR_RUN/why")"
else
  view container "0:$lowers" "$options" || fail "the container cannot be mounted: $(cat "$IR_RUN/why")"
fi
whole upper 0 || fail "the writable layer cannot be mounted read-only: $(cat "$IR_RUN/why")"

cd "$IR_VIEWS/upper" || fail 'the writable layer cannot be entered'
: >"$IR_RUN/complaints"
find "$token" -xdev -print0 >"$IR_RUN/paths" 2>>"$IR_RUN/complaints"
find "$token" -xdev -type d -print0 >"$IR_RUN/directories" 2>/dev/null
case $options in
  *redirect_dir*) redirected >"$IR_RUN/redirected" || fail "renamed directories cannot be told: $(cat "$IR_RUN/why")" ;;
  *) : >"$IR_RUN/redirected" ;;
esac
# Only where the image has the directory too can a name be on one side alone without being in the writable layer.
cd "$IR_VIEWS/image" || fail 'the image cannot be entered'
# shellcheck disable=SC2016  # expanded by the shells that xargs starts
each "$IR_RUN/directories" sh -c 'for d; do [ ! -L "$d" ] || printf "%s\0" "$d"; done' sh >"$IR_RUN/linked"
# shellcheck disable=SC2016  # expanded by the shells that xargs starts
each "$IR_RUN/directories" sh -c 'for d; do [ ! -d "$d" ] || [ -L "$d" ] || printf "%s\0" "$d"; done' sh >"$IR_RUN/shared"
if [ -s "$IR_RUN/linked" ]; then
  direct "$IR_RUN/shared" >"$IR_RUN/shared.direct"
  mv "$IR_RUN/shared.direct" "$IR_RUN/shared"
fi
for side in image container; do
  names "$side" shared -maxdepth 1 >"$IR_RUN/$side.names"
  names "$side" redirected -xdev >>"$IR_RUN/$side.names"
done
absent container image.names >"$IR_RUN/gone"
names image gone -xdev >"$IR_RUN/below"
sort -zu "$IR_RUN/gone" "$IR_RUN/below" >"$IR_RUN/deleted"
{
  names container redirected -xdev
  absent image container.names
} | sort -zu >"$IR_RUN/more"
absent upper more >"$IR_RUN/unnamed"

walk() {
  section upper
  # shellcheck disable=SC2154  # left by layers
  printf '%s' "$upper"
  batches deleted deleted
  batches present paths
  batches present unnamed
  section errors
  cat "$IR_RUN/complaints"
  section over
}
frame_output container-diff "$dir/walk.txt" -- walk
