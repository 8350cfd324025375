# shellcheck shell=sh
# What the image can do, and what of the node could not be made read-only.
for tool in nft conntrack getfattr setfattr; do
  if command -v "$tool" >/dev/null; then echo "tool $tool"; fi
done
for list in remounted writable; do
  if [ -e "/spool/$list" ]; then echo "$list $(wc -l <"/spool/$list")"; fi
done
