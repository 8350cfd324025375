# shellcheck shell=sh
# nft-load.sh [PID NAMESPACE WORD...]: loads the rules that come as input, all of them or none, on the node or in the
# network namespace of PID, a process of the pod. They stay until they are removed. Prints how many milliseconds that
# took. What stands after a line `# afterwards` is done then.
if [ "$#" -gt 0 ]; then
  pod_space "$@" || exit 3
  set -- in_pod
fi
sed '/^# afterwards$/,$d' "$IR_RUN/input" >"$IR_RUN/rules"
sed '1,/^# afterwards$/d' "$IR_RUN/input" >"$IR_RUN/afterwards"
clock_start
"$@" nft -f "$IR_RUN/rules" || exit 1
clock_stop
[ ! -s "$IR_RUN/afterwards" ] || "$@" nft -f "$IR_RUN/afterwards"
