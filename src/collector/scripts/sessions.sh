# shellcheck shell=sh
# Who is and was logged in: binary login records as they are, systemd's sessions, transient units.
cap=268435456
whole=33554432 # lastlog has a record for each uid up to the highest, mostly holes; up to here it is taken with them

# Regular files below directories that exist, each ended by NUL.
below() {
  for directory; do
    if [ ! -d "$directory" ] || [ -L "$directory" ]; then continue; fi
    find "$directory" -xdev '(' -type f -o -type l ')' -print0 2>/dev/null
  done
}

# Records of the accounts of the node that lie behind what was taken of a lastlog, or end there; $1: bytes of a record,
# which differ between architectures (utmp(5): 292, and 296 where times have 64 bits), $2: bytes taken.
last_logins() {
  cut -d : -f 3 "$HOST/etc/passwd" | grep -x '[0-9]\{1,10\}' | sort -n -u | while read -r uid; do
    [ "$(((uid + 1) * $1))" -gt "$2" ] || continue
    dd if="$lastlog" bs="$1" skip="$uid" count=1 2>/dev/null >"$IR_RUN/record"
    [ "$(stat -c %s "$IR_RUN/record")" -ne "$1" ] ||
      frame_file session "$IR_RUN/record" "live_response/system/lastlog/$1/$uid"
  done
}

# How much of a file of login records is taken from its end: as much as leaves records of 384 and of 400 bytes whole (utmp(5)).
last_records() {
  # shellcheck disable=SC2046  # numbers
  set -- $(stat -c '%s %b %B' -- "$1" 2>/dev/null || echo 0 0 0)
  most=$cap
  # Of what is mostly holes frame_file takes less.
  [ "$(($2 * $3 * 8))" -ge "$1" ] || most=1048576
  [ "$1" -le "$most" ] || most=$(($1 - ($1 - most + 9599) / 9600 * 9600))
  echo "$most"
}

logs=$HOST/var/log
! resolve /var/log || logs=$IR_PLACE
for file in "$HOST"/run/utmp "$logs"/wtmp "$logs"/btmp "$logs"/wtmp[.-]* "$logs"/btmp[.-]* "$logs"/faillog \
  "$HOST"/var/lib/wtmpdb/wtmp.db* "$HOST"/var/lib/lastlog/lastlog2.db*; do
  case $file in
    "$logs"/*) name="[root]/var/log${file#"$logs"}" ;;
    *) name="[root]${file#"$HOST"}" ;;
  esac
  if [ -f "$file" ] || [ -L "$file" ]; then frame_file session "$file" "$name" "$(last_records "$file")" end; fi
done
lastlog=$logs/lastlog
if [ -f "$lastlog" ] && [ ! -L "$lastlog" ] && [ "$(stat -c %s "$lastlog")" -le "$whole" ]; then
  IR_HOLES=1 frame_file session "$lastlog" '[root]/var/log/lastlog' "$whole"
elif [ -f "$lastlog" ] && [ ! -L "$lastlog" ]; then
  frame_file session "$lastlog" '[root]/var/log/lastlog' "$whole"
  # shellcheck disable=SC2154  # left by frame_file
  came=$ir_length
  last_logins 292 "$came"
  last_logins 296 "$came"
fi
below "$HOST/run/systemd/sessions" "$HOST/run/systemd/users" "$HOST/run/systemd/system" \
  "$HOST/run/systemd/transient" "$HOST/run/systemd/generator" "$HOST/run/systemd/generator.early" \
  "$HOST/run/systemd/generator.late" |
  frame_list session "$HOST" '[root]' 1048576
for home in "$HOST"/run/user/*; do below "$home/systemd"; done | frame_list session "$HOST" '[root]' 1048576
