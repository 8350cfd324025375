# shellcheck shell=sh
# Put before scripts that read databases which a program of the node may be writing (bbolt). The first bytes of one hold its
# transaction numbers: only a file in which they stayed the same was read whole.

# start FILE TO HEAD: its first HEAD bytes.
start() { dd if="$1" of="$2" bs="$3" count=1 2>/dev/null; }

# copy FILE HEAD FITS: leaves the copy, of at most FITS bytes, in $IR_RUN/copy and the file's start before and after; fails when
# it was written each time.
copy() {
  tries=0
  while [ "$tries" -lt 20 ]; do
    tries=$((tries + 1))
    start "$1" "$IR_RUN/before" "$2" && dd if="$1" of="$IR_RUN/copy" bs=65536 iflag=count_bytes count="$3" 2>/dev/null &&
      start "$1" "$IR_RUN/after" "$2" && start "$IR_RUN/copy" "$IR_RUN/copied" "$2" || return 1
    cmp -s "$IR_RUN/before" "$IR_RUN/after" && cmp -s "$IR_RUN/before" "$IR_RUN/copied" && return 0
    sleep 0.05
  done
  return 1
}
