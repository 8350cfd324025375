#!/bin/sh
# PID 1 of a node: starts its services once, then reaps orphans for ever. A service that somebody stopped
# stays stopped.

# service NAME COMMAND...: runs it in the background, in a cgroup of its own as an init system would, with
# its output in /var/log/NAME.log.
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
  ) >>"/var/log/$name.log" 2>&1 &
}

# On cgroup v2 only a cgroup without processes hands controllers down: PID 1 leaves the node's root.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p /sys/fs/cgroup/init.scope
  echo 1 >/sys/fs/cgroup/init.scope/cgroup.procs
fi
ip link set lo up
echo 1 >/proc/sys/net/ipv4/ip_forward

service containerd containerd
until [ -S /run/containerd/containerd.sock ]; do sleep 0.05; done

# The node's address comes with its link, which is made from outside.
address=
until [ -n "$address" ]; do
  sleep 0.05
  address=$(ip -4 -o address show dev eth0 2>/dev/null | awk '{ sub("/.*", "", $4); print $4 }')
done
service kubelet kubelet --config /var/lib/kubelet/config.yaml --kubeconfig /etc/kubernetes/kubelet.conf \
  --hostname-override "$(hostname)" --node-ip "$address"
service kube-proxy kube-proxy --config /etc/kubernetes/kube-proxy.yaml

while :; do
  wait
  sleep 1
done
