# shellcheck shell=sh
# Which machine this is, and since when it runs.

# The paths that exist, each ended by NUL.
existing() {
  for path; do
    if [ -e "$path" ] || [ -L "$path" ]; then printf '%s\0' "$path"; fi
  done
}

# The name of the node and not that of our pod.
node_hostname() { nsenter -t 1 -u cat /proc/sys/kernel/hostname; }

existing /proc/stat /proc/uptime /proc/version /proc/cmdline /proc/loadavg /proc/meminfo /proc/cpuinfo \
  /proc/sys/kernel/random/boot_id |
  frame_list envelope '' '[root]'
frame_output envelope '[root]/proc/sys/kernel/hostname' -- node_hostname
existing "$HOST/etc/machine-id" "$HOST/etc/hostname" "$HOST/etc/os-release" "$HOST/usr/lib/os-release" \
  "$HOST/etc/timezone" "$HOST/etc/localtime" "$HOST/etc/adjtime" "$HOST"/sys/class/dmi/id/product_uuid \
  "$HOST"/sys/class/dmi/id/sys_vendor "$HOST"/sys/class/dmi/id/product_name \
  "$HOST"/sys/class/dmi/id/board_asset_tag |
  frame_list envelope "$HOST" '[root]' 65536
