# shellcheck shell=sh
# reach.sh SECONDS: tries the connections that come as input, one a line, `NUMBER PROTOCOL ADDRESS PORT`, for so long.
while read -r number protocol address port; do
  try_begin "$number" "$protocol" "$address" "$port"
done <"$IR_RUN/input"
sleep "$1"
tries_end
