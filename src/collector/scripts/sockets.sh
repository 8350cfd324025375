# shellcheck shell=sh
# The socket tables of each network namespace, read once through one process or thread that is in it, else by its name.
# Arguments: nothing, or the uid of one pod; or `inside INODE`, in a namespace that has only a name.
cap=16777216
pod=${1-}
place=live_response/network/netns

# The tables in a directory, as paths ended by NUL.
tables() {
  for table in tcp tcp6 udp udp6 udplite udplite6 raw raw6 icmp icmp6 unix packet netlink \
    arp route ipv6_route if_inet6 fib_trie dev sockstat sockstat6 igmp snmp ${2-}; do
    [ ! -e "$1/$table" ] || printf '%s/%s\0' "$1" "$table"
  done
}

if [ "$pod" = inside ]; then
  tables /proc/self/net | frame_list sockets /proc/self/net "$place/$2" "$cap"
  exit 0
fi

# INODE MEMBER... of each network namespace: some of the processes in it, as PID, then threads that are elsewhere than their
# process, as PID/task/TID. One may end before it is its turn. Ours, which is the node's, only where a pod is in it.
namespaces() {
  cd /proc || return
  {
    echo self/ns/net
    # shellcheck disable=SC2046  # words
    set -- $(pods_processes "$pod")
    for pid; do echo "$pid/ns/net"; done
    for pid; do
      for thread in "$pid"/task/*; do [ "$thread" = "$pid/task/$pid" ] || echo "$thread/ns/net"; done
    done
  } | xargs stat -L -c '%i %n' 2>/dev/null | awk -v pod="$pod" '{ sub("/ns/net", "", $2) }
    NR == 1 { own = $1; next }
    (pod != "" || $1 != own) && count[$1]++ < 32 { members[$1] = members[$1] " " $2 }
    END { for (inode in members) print inode members[inode] }'
}

# in_it INODE MEMBER
in_it() { [ "$(stat -L -c %i "/proc/$2/ns/net" 2>/dev/null)" = "$1" ]; }

# through INODE MEMBER...: the tables of a namespace by the first that is in it all the while.
through() {
  inode=$1
  shift
  for member; do
    in_it "$inode" "$member" || continue
    case $member in
      */*) tables "/proc/$member/net" | frame_list sockets "/proc/$member/net" "$place/$inode" "$cap" ;;
      *) tables "/proc/$member/net" "${pod:+nf_conntrack}" | frame_list sockets '' '[root]' "$cap" ;;
    esac
    ! in_it "$inode" "$member" || return 0
  done
  return 1
}

# The node's own namespace goes where the node has it, /proc/net, also when a pod is in it: so it says whose it is. /proc/net is
# /proc/self/net, and the link says which namespace that was: in a pod's snapshot is no process of the node to tell.
of_node() {
  frame_link sockets /proc/self/ns/net '[root]/proc/self/ns/net'
  tables /proc/self/net "${pod:+nf_conntrack}" | frame_list sockets /proc/self '[root]/proc' "$cap"
}

# INODE FILE of namespaces that have a name and were not read, such as those of pods that just ended.
named() {
  for file in "$HOST"/run/netns/* "$HOST"/run/docker/netns/*; do
    # Its second line would be taken for the inode of another one.
    case $file in *"$IR_LF"*) frame_gap sockets "[root]${file#"$HOST"}" skipped 'a line end in its name' && continue ;; esac
    if [ -L "$file" ] || ! inode=$(stat -c %i "$file" 2>/dev/null); then continue; fi
    [ "$(stat -f -c %t "$file")" = 6e736673 ] || continue # magic number of nsfs, linux/magic.h
    grep -q -x "$inode" "$IR_RUN/read" || echo "$inode $file"
  done | awk '!seen[$1]++'
}

: >"$IR_RUN/ended"
: >"$IR_RUN/named"
own=$(stat -L -c %i /proc/self/ns/net)
echo "$own" >"$IR_RUN/read"
[ -n "$pod" ] || of_node
namespaces >"$IR_RUN/namespaces"
while read -r inode members; do
  # shellcheck disable=SC2086  # words
  if [ "$inode" = "$own" ]; then
    of_node
  elif through "$inode" $members; then
    echo "$inode" >>"$IR_RUN/read"
  else
    echo "$inode" >>"$IR_RUN/ended"
  fi
done <"$IR_RUN/namespaces"
[ -n "$pod" ] || named >"$IR_RUN/named"
while read -r inode; do
  grep -q "^$inode " "$IR_RUN/named" ||
    frame_gap sockets "$place/$inode" vanished 'all that was in this network namespace has ended'
done <"$IR_RUN/ended"
while read -r inode file; do
  # shellcheck disable=SC2016  # expanded by the shell that is started
  nsenter "--net=$file" sh -c '. "$IR_RUN/common"; . "$IR_RUN/script"' sh inside "$inode" ||
    frame_gap sockets "$place/$inode" skipped 'the network namespace could not be entered'
done <"$IR_RUN/named"
[ -z "$pod" ] || exit 0

if [ -e /proc/self/net/nf_conntrack ]; then
  frame_file sockets /proc/self/net/nf_conntrack '[root]/proc/net/nf_conntrack' 52428800
elif command -v conntrack >/dev/null; then
  frame_output sockets live_response/network/conntrack.txt -- conntrack -L -o extended
else
  frame_gap sockets live_response/network/conntrack.txt skipped 'neither the kernel nor the collector image shows connection tracking'
fi
if command -v nft >/dev/null; then
  frame_output sockets live_response/network/nft.json -- nft -j list ruleset
else
  frame_gap sockets live_response/network/nft.json skipped 'the collector image has no nft'
fi
