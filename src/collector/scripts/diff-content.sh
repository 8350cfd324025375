# shellcheck shell=sh
# Changed files themselves, as they lie in the writable layer of a container.
# Arguments: CAP in bytes. Input: the layer's path on the node with every link resolved, then paths that are absolute in
# the container, one a line with \0ooo for bytes that are not plain.
# Where a directory has meanwhile become a link, nothing is followed.
cap=$1
root=$(cd -P "$HOST" && pwd -P)
root=${root%/}

# plain LINE: leaves $path.
plain() {
  path=$(printf '%b.' "$1")
  path=${path%.}
}

content() {
  parent=$root$upper${1%/*}
  if cd -P "$parent" 2>/dev/null && [ "$(pwd -P && echo .)" = "$parent$IR_LF." ]; then
    frame_file container-file "./${1##*/}" "[root]$upper$1" "$cap"
  else
    frame_gap container-file "[root]$upper$1" vanished 'its directory is gone or another one'
  fi
}

{
  IFS= read -r escaped && plain "$escaped"
  upper=$path
  while IFS= read -r escaped; do
    plain "$escaped"
    content "$path"
  done
} <"$IR_RUN/input"
