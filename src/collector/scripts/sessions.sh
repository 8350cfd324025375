# shellcheck shell=sh
# Who is and was logged in: binary login records as they are, systemd's sessions, transient units.
cap=67108864

# Regular files below directories that exist, each ended by NUL.
below() {
  for directory; do
    if [ ! -d "$directory" ] || [ -L "$directory" ]; then continue; fi
    find "$directory" -xdev '(' -type f -o -type l ')' -print0 2>/dev/null
  done
}

for file in run/utmp var/log/wtmp var/log/wtmp.1 var/log/btmp var/log/btmp.1 var/log/lastlog \
  var/log/faillog var/lib/wtmpdb/wtmp.db var/lib/lastlog/lastlog2.db; do
  [ ! -f "$HOST/$file" ] || frame_file session "$HOST/$file" "[root]/$file" "$cap"
done
below "$HOST/run/systemd/sessions" "$HOST/run/systemd/users" "$HOST/run/systemd/system" \
  "$HOST/run/systemd/transient" "$HOST/run/systemd/generator" |
  frame_list session "$HOST" '[root]' 1048576
