# shellcheck shell=sh
# Databases that a program of the node may be writing (bbolt). The first bytes of one hold its transaction numbers: they
# are sent as they were before and after it was read, and only a file in which they stayed the same was read whole.
# What fits is copied into memory first, because that takes milliseconds and the way to the responder may take minutes.
# Arguments: TOKEN HEAD, the bytes at the start that hold the transaction numbers; FITS, most bytes to copy; CAP, most
# bytes to send. Input: absolute paths on the node, one a line with \0ooo for bytes that are not plain;
# of what is not there, nothing is sent.
token=$1 head=$2 fits=$3 cap=$4
number=0

give() {
  number=$((number + 1))
  dir=live_response/node-databases/$number
  if ! resolve "$1" || [ ! -f "$IR_PLACE" ]; then return 0; fi
  name="[root]${IR_PLACE#"$HOST"}"
  size=$(stat -c %s "$IR_PLACE")
  frame_output container-store "$dir.path" -- printf '%s%s' "${IR_PLACE#"$HOST"}" "$token"
  if [ "$size" -gt "$cap" ]; then
    frame_skip container-store "$IR_PLACE" "$name" "larger than $cap bytes"
  elif [ "$size" -le "$fits" ] && copy "$IR_PLACE" "$head" "$fits"; then
    frame_output container-store "$dir.before" -- cat "$IR_RUN/before"
    frame_output container-store "$name" -- cat "$IR_RUN/copy"
    frame_output container-store "$dir.after" -- cat "$IR_RUN/after"
  else
    rm -f "$IR_RUN/copy"
    frame_output container-store "$dir.before" -- dd if="$IR_PLACE" bs="$head" count=1
    frame_file container-store "$IR_PLACE" "$name" "$cap"
    frame_output container-store "$dir.after" -- dd if="$IR_PLACE" bs="$head" count=1
  fi
  rm -f "$IR_RUN/copy"
}

export IR_CAP="$cap"
each_input give
