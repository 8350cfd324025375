# shellcheck shell=sh
# Which directories are on the node, and where the links on the way to them lead.
# Argument: TOKEN. Input: absolute paths on the node, one a line with \0ooo for bytes that are not plain. The output has a
# record for each of them, NUMBER PATH TOKEN, without a path where no directory is.
token=$1
number=0

place() {
  number=$((number + 1))
  resolve "$1" && [ -d "$IR_PLACE" ] || IR_PLACE=$HOST
  printf '%s %s%s' "$number" "${IR_PLACE#"$HOST"}" "$token"
}

frame_output container-store live_response/node-places.txt -- each_input place
