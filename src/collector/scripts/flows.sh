# shellcheck shell=sh
# flows.sh PID NAMESPACE SECONDS TABLE [from|to ADDRESS PORT]...: what flows over a pod's link. Loads the rules
# that came as input, tries new TCP connections from the pod's network namespace (`from`) or from the node (`to`)
# with this image's own nc, waits SECONDS, and prints socket tables and counters. TABLE is - without counters.
pid=$1
space=$2
seconds=$3
table=$4
shift 4
[ "$(readlink "/proc/$pid/ns/net")" = "$space" ] || exit 3
if [ -s "$IR_RUN/input" ]; then
  nft -f "$IR_RUN/input" || exit 1
fi
for name in tcp tcp6 udp udp6; do
  printf '== %s\n' "$name"
  head -c 1048576 "/proc/$pid/net/$name"
done

# Leaves the number of a try that connected in $IR_RUN/tried; nc -e runs its program only when it is connected.
attempt() {
  number=$1
  side=$2
  shift 2
  if [ "$side" = from ]; then
    set -- nsenter -t "$pid" -n nc -w 1 "$@" -e true
  else
    set -- nc -w 1 "$@" -e true
  fi
  "$@" >/dev/null 2>&1 && echo "$number" >>"$IR_RUN/tried"
}

: >"$IR_RUN/tried"
number=0
children=
while [ "$#" -ge 3 ]; do
  attempt "$number" "$1" "$2" "$3" &
  children="$children $!"
  number=$((number + 1))
  shift 3
done
sleep "$seconds"
printf '== counters\n'
[ "$table" = - ] || nft -j list table netdev "$table"
# shellcheck disable=SC2086  # numbers
[ -z "$children" ] || wait $children
printf '== connected\n'
cat "$IR_RUN/tried"
exit 0
