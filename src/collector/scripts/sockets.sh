# shellcheck shell=sh
# The socket tables of each network namespace, read once through one process that is in it.
cap=16777216

# PID of one process for each network namespace but ours, which is the node's.
representatives() {
  (cd /proc && stat -L -c '%i %n' self/ns/net [0-9]*/ns/net 2>/dev/null) |
    awk '!seen[$1]++ && NR > 1 { sub("/ns/net", "", $2); print $2 }'
}

# The tables of process $1, as paths ended by NUL.
tables() {
  for table in tcp tcp6 udp udp6 udplite udplite6 raw raw6 icmp unix packet netlink \
    arp route ipv6_route if_inet6 fib_trie dev sockstat sockstat6 igmp snmp; do
    [ ! -e "/proc/$1/net/$table" ] || printf '/proc/%s/net/%s\0' "$1" "$table"
  done
}

# The node's own namespace goes where the node has it, /proc/net.
tables self | frame_list sockets /proc/self '[root]/proc' "$cap"
for pid in $(representatives); do
  tables "$pid" | frame_list sockets '' '[root]' "$cap"
done

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
