# shellcheck shell=sh
# What one container changed in its overlay file system: reads the writable layer, and judges it through the views of
# diff-views.sh. Time goes with the changes, not with the image, and what is known is sent while the rest is read.
# Arguments: TOKEN ID LIMIT OPTIONS MOUNTS   files above LIMIT KiB are not hashed. OPTIONS are the overlay's, or `copy`
# where the container is a full copy of its image: then everything is looked at. TOKEN is random: it names the directory
# in which each view is mounted, so it starts every path and no path can look like another record.
# Input: MOUNTS pairs of lines as diff-mounts.sh takes them; then the absolute paths on the node of the writable layer and
# of the image's layers, topmost first, one a line with \0ooo for bytes that are not plain.

section() { printf '%s>%s\n' "$token" "$1"; }

# complain: keeps of what tools said in $IR_RUN/said only what is more than that a side lacks a path.
complain() {
  [ -s "$IR_RUN/said" ] || return 0
  grep -E ': (File name too long|I/O error|Input/output error|Structure needs cleaning|Bad message|Stale file handle|Permission denied|Operation not permitted|Out of memory|Cannot allocate memory)$' "$IR_RUN/said" >>"$IR_RUN/complaints"
  : >"$IR_RUN/said"
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
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  each "$IR_RUN/$2" sh -c '. "$IR_RUN/common"; ir_stats "$@"' sh \
    "%f|%u|%g|%s|%h|%i|%t|%T|%Y|%y|%Z|%z|%n$token|%N$token" 2>>"$IR_RUN/said"
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
  imaged=batch.all
  if [ -s "$IR_RUN/linked" ]; then
    imaged=batch.image
    direct "$IR_RUN/batch.all" >"$IR_RUN/$imaged"
  fi
  stats upper batch.all
  stats image "$imaged"
  stats container batch.all
  complain
  [ "$kind" = present ] || return 0
  regular container "$IR_RUN/batch.all" >"$IR_RUN/container.regular"
  regular container "$IR_RUN/container.regular" -size "-$((limit + 1))k" >"$IR_RUN/container.files"
  regular image "$IR_RUN/$imaged" >"$IR_RUN/image.regular"
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

token=$1 id=$2 limit=$3 options=$4 mounts=$5
dir=live_response/containers/$id/diff
export IR_CAP=17179869184 IR_VIEW_TOKEN="$token" IR_HASH_LIMIT="$limit"

# Where the lists took all of the memory there is none to say so.
fail() {
  (cd "$IR_RUN" && rm -f shared linked followed gone deleted unnamed)
  frame_gap container-diff "$dir/views" skipped "$1"
  exit 0
}

# with VIEW COMMAND...: runs the command in a view on the paths that come on stdin, some at a time.
with() {
  cd "$IR_VIEWS/$1" || return 1
  shift
  xargs -0 -r -s 131072 "$@"
}

# names VIEW FIND_ARGUMENTS...: what a view has below the directories that come on stdin.
names() {
  view=$1
  shift
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  with "$view" sh -c 'for d; do [ ! -d "$d" ] || [ -L "$d" ] || printf "%s\0" "$d"; done' sh |
    with "$view" sh -c 'exec find "$@" -mindepth 1 '"$*"' -print0' sh 2>>"$IR_RUN/complaints"
}

# absent VIEW: what of the paths on stdin a view has not. (busybox uniq takes a newline for the end of a name.)
absent() {
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  with "$1" sh -c 'for path; do [ -L "$path" ] || [ -e "$path" ] || printf "%s\0" "$path"; done' sh
}

# feed LIST COMMAND...: runs the command with a list on its stdin, unless it is empty. Lists lie in memory: what the
# container changed is never kept as one, only what it shares with the image.
feed() {
  [ -s "$IR_RUN/$1" ] || return 0
  list=$IR_RUN/$1
  shift
  # shellcheck disable=SC2002  # see each
  cat "$list" | "$@"
}

# writable FIND_ARGUMENTS...: what is in the writable layer.
writable() {
  cd "$IR_VIEWS/upper" && find "$token" -xdev "$@" -print0
}

# What the container has in directories of the writable layer, but not there, and not where the image has it either: a
# renamed directory only points to where the image has it (overlayfs.rst, redirect_dir), and a view that does not follow
# has nothing of it.
followed() {
  # shellcheck disable=SC2154  # left by layers
  view plain "0:$lowers" ,redirect_dir=nofollow,metacopy=off || return 1
  writable -type d 2>/dev/null | names container -maxdepth 1 | absent upper | absent plain
}

# Fails when the lists did not fit, which nothing else would tell.
room() { ir_room || fail 'what the image lost is too much for the memory of the collector'; }

{
  (mounts "$token" "$id" "$mounts")
  layers 1000
} <"$IR_RUN/input"
image "$options"
if [ "$options" = copy ]; then
  whole container 0 || fail "the container cannot be mounted: $(cat "$IR_RUN/why")"
else
  view container "0:$lowers" "$options" || fail "the container cannot be mounted: $(cat "$IR_RUN/why")"
fi
whole upper 0 || fail "the writable layer cannot be mounted read-only: $(cat "$IR_RUN/why")"

: >"$IR_RUN/complaints"
case $options in
  *redirect_dir*) followed >"$IR_RUN/followed" || fail "renamed directories cannot be told: $(cat "$IR_RUN/why")" ;;
  *) : >"$IR_RUN/followed" ;;
esac
# Only where the image has the directory too can a name be gone without being in the writable layer.
# shellcheck disable=SC2016  # expanded by the shells that xargs starts
writable -type d 2>/dev/null | with image sh -c 'for d; do
  if [ -L "$d" ]; then printf "%s\0" "$d" >&3
  elif [ -d "$d" ]; then printf "%s\0" "$d"; fi
done' sh >"$IR_RUN/shared" 3>"$IR_RUN/linked"
if [ -s "$IR_RUN/linked" ]; then
  direct "$IR_RUN/shared" >"$IR_RUN/shared.direct"
  room
  mv "$IR_RUN/shared.direct" "$IR_RUN/shared"
fi
{
  feed shared names image -maxdepth 1
  feed followed names image -xdev
} | absent container >"$IR_RUN/gone"
{
  cat "$IR_RUN/gone"
  feed gone names image -xdev
} | sort -zu >"$IR_RUN/deleted" || fail 'what was deleted could not be sorted'
{
  cat "$IR_RUN/followed"
  feed followed names container -xdev | absent upper
} | sort -zu >"$IR_RUN/unnamed" || fail 'what has no name in the writable layer could not be sorted'
room

# batches KIND: all that is known of the paths on stdin.
batches() {
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  IR_STEP='batch' xargs -0 -r -s 131072 sh -c '. "$IR_RUN/script"' sh "$1"
}

walk() {
  section upper
  # shellcheck disable=SC2154  # left by layers
  printf '%s' "$upper"
  feed deleted batches deleted
  writable 2>>"$IR_RUN/complaints" | batches present
  feed unnamed batches present
  section errors
  cat "$IR_RUN/complaints"
  section over
}
frame_output container-diff "$dir/walk.txt" -- walk
