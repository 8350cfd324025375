#!/bin/sh
# module.sh PACKAGES DIRECTORY: builds hide.ko, and the same again as gone.ko, in DIRECTORY with the headers of a kernel that are unpacked in PACKAGES. They name
# one another by where they are installed, so it is for a mount namespace of its own, in which they are there.
set -eu
packages=$1 directory=$2
mount -t overlay -o "lowerdir=$packages/usr:/usr" overlay /usr
for name in hide gone; do cp "$(dirname "$0")/hide.c" "$directory/$name.c"; done
echo 'obj-m := hide.o gone.o' >"$directory/Makefile"
headers=$(echo /usr/src/linux-headers-*-cloud-amd64)
make -s -C "$headers" M="$directory" modules
