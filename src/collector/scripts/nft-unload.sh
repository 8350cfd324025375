# shellcheck shell=sh
# nft-unload.sh FAMILY TABLE...: removes tables of ours, all at once, and fails when one is still there.
# "add" of a table that exists is no error, so this works whether it exists or not.
for word; do
  case $word in
    inet | netdev | bridge) family=$word ;;
    *) printf 'add table %s %s\ndelete table %s %s\n' "$family" "$word" "$family" "$word" ;;
  esac
done >"$IR_RUN/rules"
nft -f "$IR_RUN/rules" || exit 1
for word; do
  nft list tables | grep -q " $word\$" && exit 1
done
exit 0
