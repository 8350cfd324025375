#!/bin/sh
# link.sh LINK: hangs the link of the machine that QEMU has just made on the bridge of the nodes.
ip link set "$1" master wire up
