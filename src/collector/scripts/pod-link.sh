# shellcheck shell=sh
# pod-link.sh ADDRESS WORD...: where a pod's link is. Looks for the oldest process with one of WORD... in its cgroup
# whose network namespace has ADDRESS. Prints it with the links and addresses on both sides, the node's bridges, its
# route to the pod, and whether nft takes an egress hook here. Changes nothing.
address=$1
shift
own=$(readlink /proc/self/ns/net)

pod_processes "$@" | while read -r _ pid; do
  space=$(readlink "/proc/$pid/ns/net") || continue
  [ "$space" != "$own" ] || continue
  pod_space "$pid" "$space" "$@" || continue
  in_pod ip -o addr show >"$IR_RUN/addresses" 2>/dev/null || continue
  grep -q -F " $address/" "$IR_RUN/addresses" || continue
  printf '== process\n%s %s\n== pod-addresses\n' "$pid" "$space"
  # A label may have line ends too.
  sed 's/^==/ ==/' "$IR_RUN/addresses"
  pod_links || exit 5
  printf '== node-addresses\n'
  ip -o addr show
  printf '== route\n'
  ip route get "$address"
  echo
  # With -c nothing is kept.
  echo 'table netdev ir-look { chain look { type filter hook egress device "lo" priority 0; }; }' >"$IR_RUN/look"
  if nft -c -f "$IR_RUN/look" 2>/dev/null; then printf '== egress\n'; fi
  exit 4
done
# The loop is a child of this shell; it ends with 4 when it found the pod, with 5 when its links could not be read.
case $? in
  4) exit 0 ;;
  5) exit 5 ;;
  *) exit 3 ;;
esac
