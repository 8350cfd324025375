#!/bin/sh
# serve.sh DEVICE: runs the scripts that come by a port, one after the other: each a line in base64. The answer is a line as
# well: its exit code, what it printed and what it said on stderr, these in base64 behind a dot.
exec 3<>"$1"
while :; do
  # Nothing to read is somebody who is not there yet.
  read -r script <&3 || { sleep 0.2 && continue; }
  printf %s "$script" | base64 -d >/run/script
  setsid sh /run/script </dev/null >/run/printed 2>/run/said 3>&-
  code=$?
  printf '%s .%s .%s\n' "$code" "$(base64 /run/printed | tr -d '\n')" "$(base64 /run/said | tr -d '\n')" >&3
done
