#!/bin/sh
# Makes the layer of packages that nodes have and the machine need not have: installs them in an overlay over the
# machine's root, where none of their services is started, and writes what that changed as DIRECTORY/layer.tar.
# For a mount namespace of its own, with which everything else is gone.
# Usage: packages.sh DIRECTORY ARCHIVES PACKAGE...
#   ARCHIVES   directory with the files of the packages and of all that they need
set -eu
directory=$1 archives=$2
shift 2
umask 022

mkdir "$directory/work"
mount -t tmpfs -o size=1g,mode=0700 tmpfs "$directory/work"
cd "$directory/work"
mkdir upper work root
mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work overlay root
mount -t proc -o nosuid,nodev,noexec proc root/proc
mount --bind /dev root/dev
# What an installation writes here is no part of the layer, but for its logs, which are added without the machine's.
for path in run tmp var/log var/cache; do mount -t tmpfs -o mode=0755 tmpfs "root/$path"; done
mkdir root/run/archives
mount --bind "$archives" root/run/archives
printf '#!/bin/sh\nexit 101\n' >root/usr/sbin/policy-rc.d
chmod 0755 root/usr/sbin/policy-rc.d
chroot root env TZ=UTC DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends --no-download \
  -o Dir::Cache::archives=/run/archives -o APT::Sandbox::User=root "$@"

# No key and no password of the machine gets into a node.
rm -f root/etc/ssh/ssh_host_*
for file in shadow shadow- gshadow gshadow-; do
  [ ! -e "root/etc/$file" ] || sed -i 's/^\([^:]*\):[^:]*:/\1:*:/' "root/etc/$file"
done
tar --xattrs --xattrs-include='trusted.overlay.opaque' --xattrs-include='security.*' \
  --exclude ./usr/sbin/policy-rc.d -cf "$directory/layer.tar" -C upper . -C ../root ./var/log
