#!/bin/sh
# PID 1 of a node: starts its services once, then reaps orphans for ever. A service that somebody stopped
# stays stopped.

# service NAME COMMAND...: runs it in the background, in a cgroup of its own as an init system would, with
# its output in /var/log/NAME.log, or in $log.
service() {
  name=$1
  shift
  (
    self=$(exec sh -c 'echo "$PPID"')
    # A new v1 cpuset takes no process before it is filled; the node's own is good enough.
    awk '$3 ~ /^cgroup2?$/ && $4 !~ /cpuset/ { print $2 }' /proc/mounts | while read -r hierarchy; do
      mkdir -p "$hierarchy/system.slice/$name.service"
      echo "$self" >"$hierarchy/system.slice/$name.service/cgroup.procs"
    done
    exec "$@"
  ) >>"${log:-/var/log/$name.log}" 2>&1 &
}

# On cgroup v2 only a cgroup without processes hands controllers down: PID 1 leaves the node's root.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p /sys/fs/cgroup/init.scope
  echo 1 >/sys/fs/cgroup/init.scope/cgroup.procs
fi
ip link set lo up
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
iptables-restore </etc/iptables/rules.v4
ip6tables-restore </etc/iptables/rules.v6

(
  log=/var/log/furniture.log
  # shellcheck source=test/cluster/node/furniture.sh
  . /usr/local/sbin/node-furniture
) >/var/log/furniture.log 2>&1 &

service containerd containerd
until [ -S /run/containerd/containerd.sock ]; do sleep 0.05; done

# The node's addresses come with its link, which is made from outside; the default route for IPv6 comes last.
until ip -6 route show default 2>/dev/null | grep -q .; do sleep 0.05; done
addresses=$(ip -o address show dev eth0 scope global | awk '{ sub("/.*", "", $4); print $4 }' | paste -sd ,)
# Its clean-up counts a container that is about to start among the dead, of which it keeps one: the one before would go.
service kubelet kubelet --config /var/lib/kubelet/config.yaml --kubeconfig /etc/kubernetes/kubelet.conf \
  --maximum-dead-containers-per-container 2 \
  --hostname-override "$(hostname)" --node-ip "$addresses"
service kube-proxy kube-proxy --config /etc/kubernetes/kube-proxy.yaml
if [ -e /etc/kubernetes/network-policy.conf ]; then
  # Packets between pods on one bridge pass the rules of IP as well.
  echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
  echo 1 >/proc/sys/net/bridge/bridge-nf-call-ip6tables
  service network-policy network-policy --kubeconfig /etc/kubernetes/network-policy.conf --node "$(hostname)" \
    --ready /run/network-policy.ready
fi

while :; do
  wait
  sleep 1
done
