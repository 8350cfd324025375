# shellcheck shell=sh
# routes.sh TAG cut|inside WORD VALUE...: cuts a pod off by rules of routing (ip-rule(8)) where there is no nft, all of
# them or none. TAG, a mark that is compared with no bit, is what they are found by. `cut`: on the node; `inside`: in the
# network namespace of `pid` PID, which must be `space` NAMESPACE and have a `word` in its cgroup: while that is there, no
# other pod has its addresses. Further words: `address` of the pod; `link` of its own, or its host side when it is routed;
# `probed`, the address that the kubelet probes from `source`.
tag=$1/0x0
where=$2
shift 2
pid='' space='' words='' probed='' sources='' addresses='' links=''
while [ "$#" -ge 2 ]; do
  case $1 in
    pid) pid=$2 ;;
    space) space=$2 ;;
    word) words="$words $2" ;;
    probed) probed=$2 ;;
    source) sources="$sources $2" ;;
    address) addresses="$addresses $2" ;;
    link) links="$links $2" ;;
  esac
  shift 2
done
# shellcheck disable=SC2086  # uids
pod_space "$pid" "$space" $words || exit 3

run() {
  if [ "$where" = inside ]; then in_pod ip "$@"; else ip "$@"; fi
}
family() {
  case $1 in *:*) echo -6 ;; *) echo -4 ;; esac
}
# FAMILY PREF SELECTOR...: one rule of ours.
rule() {
  ip_family=$1
  pref=$2
  shift 2
  run "$ip_family" rule add pref "$pref" fwmark "$tag" "$@" || failed=1
}
remove() {
  for each in -4 -6; do
    if [ "$where" = inside ] && run "$each" rule show 2>/dev/null | grep -q -F "${tag%/*}/"; then
      run "$each" rule show | grep -q '^0:' || run "$each" rule add pref 0 lookup local
    fi
    while run "$each" rule del fwmark "$tag" 2>/dev/null; do :; done
  done
}

families=-4
[ ! -e /proc/sys/net/ipv6 ] || families='-4 -6'
failed=
remove
before=$([ -z "$probed" ] || ip route get "$probed")
clock_start
if [ "$where" = cut ]; then
  # What the node itself sends keeps its way to the pod.
  if [ -n "$probed" ]; then rule "$(family "$probed")" 1 to "$probed" iif lo lookup main; fi
  for address in $addresses; do
    rule "$(family "$address")" 2 from "$address" type blackhole
    rule "$(family "$address")" 2 to "$address" type blackhole
  done
  for link in $links; do
    for each in $families; do rule "$each" 2 iif "$link" type blackhole; done
  done
else
  for source in $sources; do
    for link in $links; do rule "$(family "$source")" 1 from "$source" iif "$link" lookup local; done
    rule "$(family "$source")" 1 to "$source" iif lo lookup main
  done
  for each in $families; do
    for link in $links; do rule "$each" 2 iif "$link" type blackhole; done
    rule "$each" 3 lookup local
    rule "$each" 4 type blackhole
    # The first rule of all would deliver whatever comes in.
    [ -n "$failed" ] || run "$each" rule del pref 0 || failed=1
  done
fi
clock_stop
if [ "$before" != "$([ -z "$probed" ] || ip route get "$probed")" ]; then
  echo 'the route of the probes would be lost' >&2
  failed=1
fi
[ -z "$failed" ] || { remove; exit 1; }
