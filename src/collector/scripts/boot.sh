# shellcheck shell=sh
# Run by eval as the first thing of an exec. Arguments: `collect`, or the most bytes that a call may print; sizes in
# bytes of the common part, the script and its input; then the script's own arguments. Stdin brings the token line
# and those three parts (the last, where its size is -, after a line with its size); afterwards only the line by which the responder says that everything arrived. Its end
# means that the responder is gone. A collecting script frames what it wants; of a called one the output is framed.
set -u
export LC_ALL=C TZ=UTC0
export IR_RUN="${IR_SPOOL:-/spool}/run.$$" HOST="${IR_HOST:-/host}"
IR_TOP=$(cd "$HOST" && pwd -P) || exit 70
IFS= read -r IR_TOKEN
export IR_TOKEN IR_TOP="${IR_TOP%/}"
until [ -e "${IR_SPOOL:-/spool}/ready" ]; do sleep 0.1; done
mkdir "$IR_RUN" "$IR_RUN/frames" "$IR_RUN/frames/1" "$IR_RUN/frames/2" || exit 70
read -r IR_SUM <"${IR_SPOOL:-/spool}/digest" || exit 70
export IR_SUM

# Takes exactly so many bytes off stdin: half a script is never run.
ir_take() {
  dd bs=65536 iflag=count_bytes count="$1" of="$IR_RUN/$2" 2>/dev/null
  [ "$(stat -c %s "$IR_RUN/$2")" = "$1" ] || exit 70
}
ir_mode=$1
ir_take "$2" common
ir_take "$3" script
ir_input=$4
shift 4

read -r ir_stat <"/proc/$$/stat"
# shellcheck disable=SC2086  # fields
(set -- ${ir_stat##*) } && echo "${20}") >"$IR_RUN/born"
mkfifo "$IR_RUN/frames/pipe" "$IR_RUN/frames/free" "$IR_RUN/frames/leaving" || exit 70
# shellcheck source=/dev/null
. "$IR_RUN/common"
for ir_file in meta data; do : >"$IR_RUN/frames/$ir_file"; done
if ! { echo 0 >"$IR_RUN/frames/pending" && echo 0 0 >"$IR_RUN/frames/count" && ir_clock 0 "$IR_NEVER" && ir_reserve; }; then
  ir_full
fi
# It may come when all else has long been ready.
[ "$ir_input" != - ] || IFS= read -r ir_input || exit 70
ir_take "$ir_input" input
exec 6<>"$IR_RUN/frames/free" 7<>"$IR_RUN/frames/leaving" 8<&0 9>&1 </dev/null 1>&2

# The responder's line, or death to everything here when its end is gone.
(read -r _ <&8 || kill -KILL 0) >/dev/null 2>&1 9>&- &
ir_watch=$!
# The alarm clock of ir_await. Like what sends, it ends by itself where the node can start no more processes; nothing else
# would tell, and all wait for ever.
(
  trap 'kill -KILL 0' EXIT
  while sleep 1; do
    read -r ir_child ir_due <"$IR_RUN/frames/alarm"
    read -r ir_now _ </proc/uptime
    [ "${ir_now%%.*}" -lt "$ir_due" ] || ir_kill "$ir_child"
  done
) >/dev/null 2>&1 8<&- 9>&- &
ir_alarm=$!

# Sends the blocks that frame_flush hands over, one after the other, and says which place is free again.
(
  trap 'kill -KILL 0' EXIT
  while read -r ir_place ir_head; do
    echo "$ir_head"
    cat "$IR_RUN/frames/$ir_place/meta" "$IR_RUN/frames/$ir_place/data"
    echo
    : >"$IR_RUN/frames/$ir_place/data"
    echo "$ir_place" >&6
  done <&7 >&9
) 2>/dev/null 8<&- &
ir_sender=$!
printf '1\n2\n' >&6

if [ "$ir_mode" = collect ]; then
  ir_script "$@" 8<&-
  ir_code=$?
  # Lists of the script, too, may be cut.
  ir_room || { ir_empty && ir_room; } || { echo 'no room in the spool' >&2 && ir_code=75; }
else
  ir_call "$ir_mode" "$@" 8<&-
  ir_code=$?
fi
read -r _ ir_items <"$IR_RUN/frames/count"
ir_over="over $((ir_items + $(grep -c '^item ' "$IR_RUN/frames/meta"))) $ir_code"
rm -f "$IR_RUN/frames/reserve"
echo "$ir_over" >>"$IR_RUN/frames/meta" || ir_full
frame_flush
wait "$ir_watch"
kill "$ir_alarm" "$ir_sender"
rm -rf "$IR_RUN"
exit 0
