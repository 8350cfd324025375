# shellcheck shell=sh
# What the image can do, and what of the node could not be made read-only.
for tool in nft conntrack getfattr setfattr; do
  if command -v "$tool" >/dev/null; then echo "tool $tool"; fi
done
writable=${IR_RUN%/*}/writable
if [ -e "$writable" ]; then echo "writable $(wc -l <"$writable")"; fi
