#!/bin/sh
# The kinds of programs as systemd mounts them: over an autofs, whose own process group asks nobody to mount something.
set -eu
place=/proc/sys/fs/binfmt_misc
exec 9<>/run/autofs
mount -t autofs -o fd=9,minproto=5,maxproto=5,direct systemd-1 "$place"
mount -t binfmt_misc binfmt_misc "$place"
