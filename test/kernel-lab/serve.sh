#!/bin/sh
# serve.sh DEVICE: runs the commands that come by a port, one after the other. A command is a line: a mark, then its words in
# base64, each behind a dot. What it reads and prints goes by the same port; after it come a NUL, the mark, its exit code
# and what it said on stderr.
exec 3<>"$1"
said=/tmp/said.$$
while :; do
  # Nothing to read is somebody who is not there yet.
  read -r mark words <&3 || { sleep 0.2 && continue; }
  [ -n "$words" ] || continue
  set --
  for word in $words; do
    word=$(printf %s "${word#.}" | base64 -d && echo .)
    set -- "$@" "${word%.}"
  done
  setsid "$@" <&3 >&3 2>"$said" 3>&-
  code=$?
  printf '\0%s %s %s\n' "$mark" "$code" "$(base64 "$said" | tr -d '\n')" >&3
done
