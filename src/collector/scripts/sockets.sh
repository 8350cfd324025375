# shellcheck shell=sh
# The socket tables of each network namespace, read once through one process that is in it.
# Arguments: nothing, or the uid of one pod.
cap=16777216
pod=${1-}

# PID of one process for each network namespace but ours, which is the node's.
representatives() {
  cd /proc || return
  {
    echo self/ns/net
    for pid in $(pods_processes "$pod"); do echo "$pid/ns/net"; done
  } | xargs stat -L -c '%i %n' 2>/dev/null | awk '!seen[$1]++ && NR > 1 { sub("/ns/net", "", $2); print $2 }'
}

# Namespaces that have a name and no process, such as those of pods that just ended: read by a program of ours in them.
unmanned() {
  (cd /proc && stat -L -c '%i' [0-9]*/ns/net 2>/dev/null) | sort -u >"$IR_RUN/manned"
  for file in "$HOST"/run/netns/*; do
    # Its second line would be taken for the inode of another one.
    case $file in *"$IR_LF"*) frame_gap sockets "[root]${file#"$HOST"}" skipped 'a line end in its name' && continue ;; esac
    if [ -L "$file" ] || ! inode=$(stat -c %i "$file" 2>/dev/null); then continue; fi
    [ "$(stat -f -c %t "$file")" = 6e736673 ] || continue # magic number of nsfs, linux/magic.h
    grep -q -x "$inode" "$IR_RUN/manned" || echo "$inode $file"
  done
}

# The tables of process $1, as paths ended by NUL.
tables() {
  for table in tcp tcp6 udp udp6 udplite udplite6 raw raw6 icmp unix packet netlink \
    arp route ipv6_route if_inet6 fib_trie dev sockstat sockstat6 igmp snmp ${2-}; do
    [ ! -e "/proc/$1/net/$table" ] || printf '/proc/%s/net/%s\0' "$1" "$table"
  done
}

if [ -n "$pod" ]; then
  for pid in $(representatives); do tables "$pid" nf_conntrack | frame_list sockets '' '[root]' "$cap"; done
  exit 0
fi
# The node's own namespace goes where the node has it, /proc/net.
tables self | frame_list sockets /proc/self '[root]/proc' "$cap"
for pid in $(representatives); do
  tables "$pid" | frame_list sockets '' '[root]' "$cap"
done
unmanned >"$IR_RUN/unmanned"
while read -r inode file; do
  for table in tcp tcp6 udp udp6 unix packet arp route; do
    frame_output sockets "live_response/network/netns/$inode/$table" -- nsenter "--net=$file" cat "/proc/self/net/$table"
  done
done <"$IR_RUN/unmanned"

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
