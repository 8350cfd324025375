# shellcheck shell=sh
# Files of a container's image, for what became of them: read through the view of diff-views.sh.
# Arguments: hash TOKEN ID OPTIONS COUNT, or content TOKEN ID OPTIONS COUNT CAP. COUNT is the number of the layers, which
# come first in the input, the writable one first; behind them the paths, which are absolute in the container. All are one
# a line with \0ooo for bytes that are not plain.
mode=$1 token=$2 id=$3 options=$4 count=$5 cap=${6-}
dir=live_response/containers/$id

fail() {
  frame_gap container-diff "$dir/diff/image" skipped "$1"
  exit 0
}

# A link on the way is not followed: it would lead out of the view.
content() {
  cd "$IR_VIEWS/image/$token" || return 1
  way=${1%/*}
  while [ -n "$way" ]; do
    [ ! -L ".$way" ] || return 0
    way=${way%/*}
  done
  frame_file container-file ".$1" "$dir/image$1" "$cap"
}

hashes() {
  cd "$IR_VIEWS/image" || return 1
  each "$IR_RUN/files" sha256sum 2>/dev/null
  printf '%s>over\n' "$token"
}

{
  layers "$count"
  image "$options"
  while IFS= read -r escaped; do
    path=$(printf '%b.' "$escaped")
    if [ "$mode" = content ]; then
      content "${path%.}"
    else
      printf '%s%s\0' "$token" "${path%.}" >>"$IR_RUN/paths"
    fi
  done
} <"$IR_RUN/input"
if [ "$mode" = hash ]; then
  regular image "$IR_RUN/paths" >"$IR_RUN/files"
  frame_output container-diff "$dir/diff/image.sha256" -- hashes
fi
