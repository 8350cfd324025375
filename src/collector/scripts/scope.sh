# shellcheck shell=sh
# Files that a search for traces asks about, by their sha256: in every mount namespace the paths of the input (one a line,
# see paths.sh), and those of some sizes where programs are left. Arguments: sizes in bytes. Nothing else is read.

# FILE...: sha256 and name of each, ended by NUL. A file system that does not answer ends the item, which says so: busybox's
# timeout would leave a watcher behind for each file, and their end holds up that of the pod.
# shellcheck disable=SC2016  # expanded by the shells that find starts
hash='for file; do
  sum=$(sha256sum "$file" 2>/dev/null) || continue
  sum=${sum#\\}
  printf "%s %s\0" "${sum%% *}" "$file"
done'

# One process of each mount namespace.
roots() {
  for pid in [0-9]*; do printf '%s/ns/mnt\0' "$pid"; done | xargs -0 -r stat -L -c '%i %n' 2>/dev/null |
    awk '!seen[$1]++ { sub("/ns/mnt", "", $2); print $2 }'
}

# asked PID: the paths of the input as that process has them.
asked() {
  root=/proc/$1/root
  set --
  while IFS= read -r line; do
    path=$(printf '%b.' "$line")
    set -- "$@" "$root${path%.}"
  done <"$IR_RUN/input"
  [ "$#" -eq 0 ] || find "$@" -maxdepth 0 -type f -size -536870913c -exec sh -c "$hash" sh '{}' + 2>/dev/null
}

# sized PID: files of the sizes, a few directories deep.
sized() {
  for place in tmp var/tmp dev/shm run root home; do
    place=/proc/$1/root/$place
    if [ ! -d "$place" ] || [ -L "$place" ]; then continue; fi
    # shellcheck disable=SC2086  # words
    find "$place" -xdev -maxdepth 4 -type f '(' $tests ')' -exec sh -c "$hash" sh '{}' + 2>/dev/null
  done
}

# Processes end meanwhile, and most have none of the files: neither is an error.
files() {
  for pid in $(roots); do
    asked "$pid"
    [ -z "$tests" ] || sized "$pid"
  done
  return 0
}

cd /proc || exit
tests=
for size; do tests="$tests${tests:+ -o }-size ${size}c"; done
IR_TIMEOUT=60 frame_output scope live_response/scope/files.txt -- files
