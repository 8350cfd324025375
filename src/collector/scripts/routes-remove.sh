# shellcheck shell=sh
# routes-remove.sh TAG: removes every rule of routing with our TAG from the node, and fails when one is still there.
for family in -4 -6; do
  while ip "$family" rule del fwmark "$1/0x0" 2>/dev/null; do :; done
  ip "$family" rule show 2>/dev/null | grep -q -F "fwmark $1/" && exit 1
done
exit 0
