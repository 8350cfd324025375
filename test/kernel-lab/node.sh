#!/bin/sh
# Process 1 of the machine: a node of the test cluster with the least that one has: busybox, container runtime, kubelet.
# Commands come by the port `node`.
set -eu
export PATH=/usr/local/bin:/usr/sbin:/bin
/bin/busybox --install -s /bin
mkdir -p /proc /sys /dev /run /tmp /var/log /etc/kubernetes/manifests
mount -t proc -o nosuid,nodev,noexec proc /proc
mount -t sysfs -o nosuid,nodev,noexec sysfs /sys
mount -t devtmpfs -o nosuid devtmpfs /dev
mkdir /dev/pts /dev/shm
mount -t devpts -o nosuid,noexec,ptmxmode=0666,mode=0620,gid=5 devpts /dev/pts
mount -t tmpfs -o nosuid,nodev tmpfs /dev/shm
mount -t tmpfs -o nosuid,nodev,mode=0755 tmpfs /run
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs /tmp
while read -r module; do insmod "/modules/$module.ko"; done </modules/order

# As systemd mounts them on a node of cgroup v1, whose cgroups have release agents.
mount -t debugfs debugfs /sys/kernel/debug
mount -t tracefs tracefs /sys/kernel/tracing
mount -t tmpfs -o nosuid,nodev,noexec,mode=0755 cgroup /sys/fs/cgroup
mkdir /sys/fs/cgroup/unified
mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified
for controller in cpu,cpuacct cpuset memory devices freezer pids blkio; do
  mkdir "/sys/fs/cgroup/$controller"
  mount -t cgroup -o "$controller" cgroup "/sys/fs/cgroup/$controller"
done
mkfifo /run/autofs
setsid sh /init.d/kinds.sh

hostname -F /etc/hostname
ip link set lo up
ip address add "$(cat /etc/address)" dev eth0
ip link set eth0 up
ip route add default via "$(cut -d ' ' -f 2 /etc/resolv.conf)"
mount --make-rshared /

# service NAME COMMAND...: in a cgroup of its own, as an init system would, with its output in /var/log/NAME.log.
service() {
  name=$1
  shift
  (
    pid=$(exec sh -c 'echo "$PPID"')
    for top in unified memory pids; do
      mkdir -p "/sys/fs/cgroup/$top/system.slice/$name.service"
      echo "$pid" >"/sys/fs/cgroup/$top/system.slice/$name.service/cgroup.procs"
    done
    exec "$@"
  ) >>"/var/log/$name.log" 2>&1 </dev/null &
}

for port in /sys/class/virtio-ports/*; do sh /init.d/serve.sh "/dev/${port##*/}" </dev/null & done
service containerd containerd
until [ -S /run/containerd/containerd.sock ]; do sleep 0.2; done
ctr -n k8s.io images import /images.tar >/var/log/import.log 2>&1
rm /images.tar
# What it does over and over, it does as seldom as it lets itself be told: each instruction costs ten here.
service kubelet kubelet --config /var/lib/kubelet/config.yaml --kubeconfig /etc/kubernetes/kubelet.conf \
  --hostname-override "$(hostname)" --node-ip "$(cut -d / -f 1 /etc/address)" \
  --register-with-taints kubectl-ir.test/emulated=:NoSchedule,kubectl-ir.test/emulated=:NoExecute \
  --local-storage-capacity-isolation=false --make-iptables-util-chains=false --housekeeping-interval 5m \
  --volume-stats-agg-period -1s
while :; do
  wait
  sleep 1
done
