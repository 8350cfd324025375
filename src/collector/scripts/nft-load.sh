# shellcheck shell=sh
# nft-load.sh [PID NAMESPACE]: loads the rules that come as input, all of them or none, on the node or in the network
# namespace of PID. They stay until they are removed. Prints how many milliseconds that took. What stands after a line
# `# afterwards` is done then.
if [ "$#" -gt 0 ]; then
  [ "$(readlink "/proc/$1/ns/net")" = "$2" ] && [ "$(readlink /proc/self/ns/net)" != "$2" ] || exit 3
  set -- nsenter -t "$1" -n
fi
sed '/^# afterwards$/,$d' "$IR_RUN/input" >"$IR_RUN/rules"
sed '1,/^# afterwards$/d' "$IR_RUN/input" >"$IR_RUN/afterwards"
clock_start
"$@" nft -f "$IR_RUN/rules" || exit 1
clock_stop
[ ! -s "$IR_RUN/afterwards" ] || "$@" nft -f "$IR_RUN/afterwards"
