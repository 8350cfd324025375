# shellcheck shell=sh
# The memory of processes of one pod, region by region, read while they run. Arguments: `take`, or `measure` to print
# the bytes of it; the uid of the pod; most bytes of one process; PIDs, or none for all of the pod.
mode=$1 uid=$2 most=$3
shift 3

# Those of the PIDs that are of the pod, whatever was asked for.
chosen() {
  pods_processes "$uid" | while read -r pid; do
    wanted=$([ "$#" -gt 0 ] || echo yes)
    for one; do [ "$one" != "$pid" ] || wanted=yes; done
    [ -z "$wanted" ] || echo "$pid"
  done
}

# START END OFFSET of what process $1 may read, without memory of devices and what the kernel lends it. By their flags
# (proc_pid_smaps(5)): a name can be anything, and that of memory shared without a file is /dev/zero. OFFSET is that in the
# file of shared memory that is not all there, else -: a look through the process would fill its holes, from its memory limit.
regions() {
  awk '/^[0-9a-f]+-[0-9a-f]+ / { region = $2 ~ /^r/ && $1 !~ /^ffffffff/ ? $1 : ""; mode = $2; offset = $3; there = 0 }
    /^Size:/ { size = $2 }
    /^(Rss|Swap):/ { there += $2 }
    /^VmFlags:/ && region != "" && !/ (io|pf)( |$)/ {
      sub("-", " ", region)
      print region, mode ~ /s$/ && there < size ? offset : "-"
    }' "/proc/$1/smaps" 2>/dev/null
  ir_room || ir_full
}

if [ "$mode" = measure ]; then
  chosen "$@" | while read -r pid; do
    size=0
    regions "$pid" >"$IR_RUN/regions"
    while read -r start end _; do size=$((size + 0x$end - 0x$start)); done <"$IR_RUN/regions"
    [ "$size" -le "$most" ] || size=$most
    echo "$size"
  done | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
  exit 0
fi
chosen "$@" >"$IR_RUN/chosen"
while read -r pid; do
  dir=live_response/process/$pid/memory
  frame_file memory "/proc/$pid/maps" "$dir/maps" 16777216
  left=$most
  regions "$pid" >"$IR_RUN/regions"
  while read -r start end offset; do
    size=$((0x$end - 0x$start))
    if [ "$size" -gt "$left" ]; then
      frame_gap memory "$dir/$start-$end" skipped "beyond the limit of $most bytes of one process"
      continue
    fi
    left=$((left - size))
    from=/proc/$pid/mem skip=$((0x$start))
    [ "$offset" = - ] || from=/proc/$pid/map_files/$(printf '%x-%x' "0x$start" "0x$end") skip=$((0x$offset))
    IR_CAP=$((size + 1)) frame_output memory "$dir/$start-$end" -- \
      dd "if=$from" bs=65536 iflag=skip_bytes,count_bytes "skip=$skip" "count=$size"
  done <"$IR_RUN/regions"
done <"$IR_RUN/chosen"
