# shellcheck shell=sh
# nft-load.sh node|pod PID NAMESPACE WORD...: loads the rules that come as input, all of them or none, on the node or in
# NAMESPACE, the network of PID, a process of the pod: while that is there, so are the links that the rules name, and no
# other pod has one of those names. They stay until they are removed. Prints how many milliseconds that took. What stands
# after a line `# afterwards` is done then.
where=$1
shift
pod_space "$@" || exit 3
set --
[ "$where" = node ] || set -- in_pod
sed '/^# afterwards$/,$d' "$IR_RUN/input" >"$IR_RUN/rules"
sed '1,/^# afterwards$/d' "$IR_RUN/input" >"$IR_RUN/afterwards"
clock_start
"$@" nft -f "$IR_RUN/rules" || exit 1
clock_stop
[ ! -s "$IR_RUN/afterwards" ] || "$@" nft -f "$IR_RUN/afterwards"
