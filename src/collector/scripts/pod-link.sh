# shellcheck shell=sh
# pod-link.sh ADDRESS WORD...: where a pod's link is. Looks for the oldest process with one of WORD... in its cgroup
# whose network namespace has ADDRESS. Prints it with the links and addresses on both sides, the node's bridges, its
# route to the pod, and whether nft takes an egress hook here. Changes nothing.
address=$1
shift
own=$(readlink /proc/self/ns/net)

# The pod's links, a row each as `ip -o link show` begins it, but from the kernel's own numbers: who may change links in a
# pod can give them names and aliases by which they look like others in text (sysfs-class-net, iflink).
mkdir "$IR_RUN/sys"
# shellcheck disable=SC2016  # expanded by the inner shell
links='
  mount -t sysfs none "$1" && cd "$1/class/net" || exit 1
  for link in *; do
    index=$(cat "$link/ifindex") peer=$(cat "$link/iflink") flags=$(cat "$link/flags") || continue
    [ "$peer" != "$index" ] && [ "$peer" != 0 ] && peer=@if$peer || peer=
    [ "$((flags & 1))" = 1 ] && flags=UP || flags=
    printf "%s: %s%s: <%s>\n" "$index" "$(printf "%s" "$link" | tr @ "?")" "$peer" "$flags"
  done'

pod_processes "$@" | while read -r _ pid; do
  space=$(readlink "/proc/$pid/ns/net") || continue
  [ "$space" != "$own" ] || continue
  pod_space "$pid" "$space" "$@" || continue
  in_pod ip -o addr show >"$IR_RUN/addresses" 2>/dev/null || continue
  grep -q -F " $address/" "$IR_RUN/addresses" || continue
  printf '== process\n%s %s\n== pod-addresses\n' "$pid" "$space"
  # A label may have line ends too.
  sed 's/^==/ ==/' "$IR_RUN/addresses"
  printf '== pod-links\n'
  in_pod unshare -m sh -c "$links" sh "$IR_RUN/sys" >"$IR_RUN/links" || exit 5
  sort -n "$IR_RUN/links"
  printf '== node-links\n'
  ip -o link show
  printf '== node-addresses\n'
  ip -o addr show
  printf '== bridges\n'
  for bridge in /sys/class/net/*/bridge; do
    bridge=${bridge%/bridge}
    echo "${bridge##*/}"
  done
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
