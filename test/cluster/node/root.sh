#!/bin/sh
# Second step of a node, PID 1 in its own namespaces: builds the node's root file system (its own disk laid
# over the machine's system directories, nothing private of the machine in it), changes into it, and
# becomes the node's init.
# Usage: root.sh NODE NODE_DIR PROGRAM...
#   NODE_DIR/disk.img  ext4, empty      NODE_DIR/disk  mount point      NODE_DIR/files  laid over the root
#   NODE_DIR/../node-packages.tar  what the nodes' own packages change in the machine's root (see packages.sh)
set -eu
node=$1 node_dir=$2
shift 2
here=$(dirname "$0")
umask 022

hostname "$node"
mount -o loop "$node_dir/disk.img" "$node_dir/disk"
cd "$node_dir/disk"
mkdir upper work root containerd kubelet
tar -C upper --xattrs --xattrs-include='*' -xf "$node_dir/../node-packages.tar"

# hide PATH...: what the machine has there does not exist on the node (an overlay whiteout, or an opaque directory
# where the node's packages have one).
hide() {
  for path in "$@"; do
    [ -e "/$path" ] || [ -L "/$path" ] || continue
    if [ -d "upper/$path" ] && [ ! -L "upper/$path" ]; then
      setfattr -n trusted.overlay.opaque -v y "upper/$path"
    else
      rm -f "upper/$path"
      mkdir -p "upper/$(dirname "$path")"
      mknod "upper/$path" c 0 0
    fi
  done
}
for path in /* /.[!.]*; do
  case $path in
  /bin | /boot | /dev | /etc | /lib* | /proc | /run | /sbin | /sys | /tmp | /usr | /var) ;;
  *) hide "${path#/}" ;;
  esac
done
hide usr/local var/log var/tmp var/cache var/backups var/mail var/spool/cron var/lib/kubelet var/lib/containerd \
  var/lib/docker var/lib/postgresql etc/npmrc etc/pip.conf etc/gitconfig etc/environment etc/environment.d \
  etc/containerd etc/cni etc/kubernetes etc/machine-id etc/cron.d etc/resolv.conf

mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work overlay root
mkdir -p root/root root/home root/opt root/srv root/mnt root/media root/usr/local/bin root/usr/local/sbin \
  root/var/log/pods root/var/tmp root/var/cache root/var/backups root/var/spool/cron/crontabs root/etc/cron.d \
  root/var/lib/containerd root/var/lib/kubelet root/etc/kubernetes/manifests root/.old
chmod 0700 root/root root/.old
chmod 1777 root/var/tmp
mount --bind containerd root/var/lib/containerd
mount --bind kubelet root/var/lib/kubelet

mount -t proc -o nosuid,nodev,noexec proc root/proc
mount -t sysfs -o nosuid,nodev,noexec sysfs root/sys
mount -t tmpfs -o nosuid,nodev,mode=0755,size=256m tmpfs root/run
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs root/tmp

# Devices that every machine has; never the machine's disks.
mount -t tmpfs -o nosuid,mode=0755,size=1m devtmpfs root/dev
device() { mknod -m "$1" "root/dev/$2" c "$3" "$4"; }
device 666 null 1 3
device 666 zero 1 5
device 666 full 1 7
device 666 random 1 8
device 666 urandom 1 9
device 600 kmsg 1 11
device 666 tty 5 0
mkdir root/dev/pts root/dev/shm root/dev/mqueue
mount -t devpts -o nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5 devpts root/dev/pts
mount -t tmpfs -o nosuid,nodev tmpfs root/dev/shm
mount -t mqueue -o nosuid,nodev,noexec mqueue root/dev/mqueue
ln -s pts/ptmx root/dev/ptmx
ln -s /proc/self/fd root/dev/fd
ln -s /proc/self/fd/0 root/dev/stdin
ln -s /proc/self/fd/1 root/dev/stdout
ln -s /proc/self/fd/2 root/dev/stderr

# The cgroup hierarchies again, seen from the node's cgroup namespace: its own cgroup is the root.
hierarchies=$(awk '$3 == "cgroup" || $3 == "cgroup2" { print $2, $3, $4 }' /proc/mounts)
case $hierarchies in
*' cgroup '*) mount -t tmpfs -o nosuid,nodev,noexec,mode=0755,size=1m tmpfs root/sys/fs/cgroup ;;
esac
echo "$hierarchies" | while read -r path type options; do
  mkdir -p "root$path"
  controllers=
  [ "$type" = cgroup2 ] || controllers=,$(echo "$options" | tr , '\n' | grep -vE '^(r[wo]|no.*|relatime)$' | paste -sd ,)
  mount -t "$type" -o "nosuid,nodev,noexec$controllers" "$type" "root$path"
done

cp -R "$here/etc/." root/etc/
ln -sf /usr/share/zoneinfo/Etc/UTC root/etc/localtime
cp -a "$node_dir/files/." root/
cp "$@" root/usr/local/bin/
for name in kubelet kube-proxy network-policy; do ln -s kubelab "root/usr/local/bin/$name"; done
for name in services furniture visitors; do cp "$here/$name.sh" "root/usr/local/sbin/node-$name"; done

cd root
pivot_root . .old
mount --make-rshared /
umount -l /.old
rmdir /.old
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  KUBECTL_IR_CLUSTER_PART="$KUBECTL_IR_CLUSTER_PART" \
  /bin/sh /usr/local/sbin/node-services </dev/null >/dev/null 2>&1
