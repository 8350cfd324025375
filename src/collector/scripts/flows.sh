# shellcheck shell=sh
# flows.sh SECONDS: what flows over a pod's links. The input has parts, each after a line `== NAME`: `pod`, the process and
# network namespace of the pod, what its cgroup is known by, and its links on the node, `pid|space|word|link VALUE`; `link` and `inside`, rules to load first on the node and in the pod's network namespace; `tables`, what to
# list at both ends of the time, `link|inside FAMILY TABLE`, or at its end if it is there, `cut FAMILY TABLE`; `tries`,
# `NUMBER pod|node PROTOCOL ADDRESS PORT`. Prints the first line of cpuinfo, socket tables, which tries were answered,
# counters of the tables and links before and after SECONDS, and which links there are then.
seconds=$1
for part in pod link inside tables tries; do : >"$IR_RUN/in.$part"; done
awk -v dir="$IR_RUN/in." '/^== / { part = $2; next } { print >(dir part) }' "$IR_RUN/input"
words=
shift
while read -r key value; do
  case $key in
    pid) pid=$value ;;
    space) space=$value ;;
    word) words="$words $value" ;;
    link) set -- "$@" "$value" ;;
  esac
done <"$IR_RUN/in.pod"
# shellcheck disable=SC2086  # uids
pod_space "$pid" "$space" $words || exit 3
nft_in() {
  if [ "$1" = inside ]; then
    shift
    in_pod nft "$@"
  else
    shift
    nft "$@"
  fi
}
counters() {
  while read -r place family table; do
    [ "$place" != cut ] || continue
    printf '== %s%s\n' "$place-$family" "$1"
    nft_in "$place" -j list table "$family" "$table" || exit 1
  done <"$IR_RUN/in.tables"
}
placed() {
  while read -r place family table; do
    [ "$place" = cut ] || continue
    printf '== %s\n' "$place-$family"
    nft list table "$family" "$table" 2>/dev/null
  done <"$IR_RUN/in.tables"
}
devices() {
  printf '== devices%s\n' "$1"
  shift
  for link; do
    read -r received <"/sys/class/net/$link/statistics/rx_packets" || continue
    read -r sent <"/sys/class/net/$link/statistics/tx_packets" || continue
    echo "$received $sent"
  done
}

for place in link inside; do
  [ ! -s "$IR_RUN/in.$place" ] || nft_in "$place" -f "$IR_RUN/in.$place" || exit 1
done
# It tells the byte order of the addresses that follow.
printf '== cpuinfo\n'
head -n 1 /proc/cpuinfo
for name in tcp tcp6 udp udp6; do
  printf '== %s\n' "$name"
  in_pod head -c 1048576 "/proc/self/net/$name"
done
# Around the time of the links lies that of the rules, so that these can't have seen less.
counters -before
devices -before "$@"
while read -r number side protocol address port; do
  if [ "$side" = pod ]; then
    try_begin "$number" "$protocol" "$address" "$port" nsenter --net=/proc/self/fd/5
  else
    try_begin "$number" "$protocol" "$address" "$port"
  fi
done <"$IR_RUN/in.tries"
sleep "$seconds"
# Without its process the pod may be gone, and nothing could be reached.
[ "$(readlink "/proc/$pid/ns/net")" = "$space" ] || exit 3
devices '' "$@"
# A frame that its link has counted gets as far as the rules meanwhile.
if grep -q '^cut ' "$IR_RUN/in.tables"; then pod_links || exit 1; fi
counters ''
placed
printf '== answers\n'
tries_end
exit 0
