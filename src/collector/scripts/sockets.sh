# shellcheck shell=sh
# The socket tables of each network namespace, read once through one process that is in it.
cap=16777216

# PID of one process for each network namespace.
representatives() {
  (cd /proc && stat -L -c '%i %n' [0-9]*/ns/net 2>/dev/null) |
    awk '!seen[$1]++ { sub("/ns/net", "", $2); print $2 }'
}

# The tables of process $1, as paths ended by NUL.
tables() {
  for table in tcp tcp6 udp udp6 udplite udplite6 raw raw6 icmp unix packet netlink \
    arp route ipv6_route if_inet6 fib_trie dev sockstat sockstat6 igmp snmp; do
    [ ! -e "/proc/$1/net/$table" ] || printf '/proc/%s/net/%s\0' "$1" "$table"
  done
}

# The node's own namespace goes where the node has it, /proc/net.
tables 1 | frame_list sockets /proc/1 '[root]/proc' "$cap"
for pid in $(representatives); do
  [ "$pid" = 1 ] || tables "$pid" | frame_list sockets '' '[root]' "$cap"
done

if [ -e /proc/1/net/nf_conntrack ]; then
  frame_file sockets /proc/1/net/nf_conntrack '[root]/proc/net/nf_conntrack' 52428800
elif command -v conntrack >/dev/null; then
  frame_output sockets live_response/network/conntrack.txt -- nsenter -t 1 -n conntrack -L -o extended
else
  frame_gap sockets live_response/network/conntrack.txt skipped 'neither the kernel nor the collector image shows connection tracking'
fi
if command -v nft >/dev/null; then
  frame_output sockets live_response/network/nft.json -- nsenter -t 1 -n nft -j list ruleset
else
  frame_gap sockets live_response/network/nft.json skipped 'the collector image has no nft'
fi
