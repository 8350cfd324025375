# shellcheck shell=sh
# Files of the node that are asked for by name. A directory stands for the files in it.
# Arguments: TOKEN ARTIFACT CAP in bytes. Input: absolute paths on the node, one a line with \0ooo for bytes that are
# not plain. Before the files of a path, live_response/node-files/NUMBER.path says where its links lead; of what is
# not there, nothing is sent.
token=$1 artifact=$2 cap=$3
number=0

give() {
  number=$((number + 1))
  resolve "$1" || return 0
  frame_output "$artifact" "live_response/node-files/$number.path" -- printf '%s%s' "${IR_PLACE#"$HOST"}" "$token"
  if [ -d "$IR_PLACE" ]; then
    find "$IR_PLACE" -mindepth 1 -maxdepth 1 -type f -print0 | sort -z | head -c 65536 | frame_list "$artifact" "$HOST" '[root]' "$cap"
  else
    frame_file "$artifact" "$IR_PLACE" "[root]${IR_PLACE#"$HOST"}" "$cap"
  fi
}

each_input give
