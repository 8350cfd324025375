# shellcheck shell=sh
# Names, owners, modes and times of all files of the node's own file systems, before anything of them is read, as a body
# file (The Sleuth Kit, 3.x; times with nanoseconds); then small files where anybody may put some.
# In names `%`, `|` and `\` are written as %XX, which mactime decodes, and control characters as \xXX, which it leaves: a
# name shall not become a second line of its timeline.
# A private key or another file that is a secret as a whole is not taken: its item says so, with its facts and a digest.
# Arguments: most bytes of all those small files; `secrets` to take secrets after all.
small=10485760
whole=1048576 # above this no file is a secret as a whole

# Where each file system of the node is mounted as a whole: its root, and those on disks and in memory. Overlays and memory of
# containers, networks and what the kernel makes up are none of its own. proc_pid_mountinfo(5)
own_mounts() {
  awk '{
      for (field = 7; field < NF && $field != "-"; field++);
      disk = $(field + 1) ~ /^(ext[234]|xfs|btrfs|f2fs|zfs|jfs|reiserfs|vfat|bcachefs|squashfs|erofs)$/
      memory = $(field + 1) ~ /^(tmpfs|devtmpfs|ramfs)$/ && $5 !~ /^\/(var\/lib|var\/run|var\/snap|run)\/(.*\/)?(docker|containerd|containers|crio|kubelet)\//
      if ($5 != "/" && (!(disk || memory) || $5 ~ /^\/(var\/lib\/kubelet\/pods|proc|sys)\//)) next
      if (($3 " " $4) in seen) next
      seen[$3 " " $4]
      if ($4 == "/") whole[$3]
      place[++count] = $5
      device[count] = $3
      part[count] = $4 != "/"
    }
    END { for (i = 1; i <= count; i++) if (place[i] == "/" || !part[i] || !(device[i] in whole)) print place[i] }' /proc/1/mountinfo
}

# The facts of what comes on stdin. A record ends with the token, so no name can look like another one.
facts() {
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  xargs -0 -r -s 131072 sh -c '. "$IR_RUN/common"; ir_stats "$@"' sh \
    "0|%i|%A|%u|%g|%s|%X|%Y|%Z|%x|%y|%z|%n$IR_TOKEN%N$IR_TOKEN" 2>/dev/null
}

# Lines of a body file from those records.
lines() {
  awk -v "token=$IR_TOKEN" -v "skip=${#HOST}" '
    BEGIN {
      for (code = 1; code < 128; code++) {
        byte = sprintf("%c", code)
        if (code < 32 || code == 127) escaped[byte] = sprintf("\\x%02x", code)
        else if (index("%|\\", byte)) escaped[byte] = sprintf("%%%02X", code)
      }
    }
    function escape(text, out, i, byte) {
      if (text !~ /[%|\\\001-\037\177]/) return text
      for (i = 1; i <= length(text); i++) {
        byte = substr(text, i, 1)
        out = out (byte in escaped ? escaped[byte] : byte)
      }
      return out
    }
    function fraction(time, dot) { return (dot = index(time, ".")) ? substr(time, dot, 10) : "" }
    {
      record = record (record == "" ? "" : "\n") $0
      if (split(record, part, token) < 3) next
      record = ""
      count = split(part[1], field, "|")
      name = field[13]
      for (i = 14; i <= count; i++) name = name "|" field[i]
      shown = substr(name, skip + 1)
      if (shown == "") shown = "/"
      target = substr(part[2], length(name) + 8)
      shown = escape(shown)
      if (field[3] ~ /^l/) shown = shown " -> " escape(substr(target, 1, length(target) - 1))
      print "0|" shown "|" field[2] "|" field[3] "|" field[4] "|" field[5] "|" field[6] "|" \
        field[7] fraction(field[10]) "|" field[8] fraction(field[11]) "|" field[9] fraction(field[12]) "|0"
    }'
}

body() {
  own_mounts | while IFS= read -r mount; do
    mount=$(printf '%b.' "$(printf '%s' "$mount" | sed 's/\\/\\0/g')") && mount=${mount%.}
    mount=$HOST${mount%/}
    find "${mount:-/}" -xdev -print0 2>/dev/null
  done | facts | lines
}

# Files that anybody may have put there, each ended by NUL; what systemd has of users is among the sessions. In /dev there are
# links and no files.
anybodys() {
  for path in "$HOST/tmp" "$HOST/var/tmp" "$HOST/dev/shm" "$HOST/run/shm" "$HOST/run/lock" "$HOST/var/lock" "$HOST"/run/user/*; do
    if [ ! -d "$path" ] || [ -L "$path" ]; then continue; fi
    find "$path" -xdev -path "$HOST/run/user/${path##*/}/systemd" -prune -o '(' -type f -o -type l ')' -print0 2>/dev/null
  done
  find "$HOST/dev" -xdev -path "$HOST/dev/shm" -prune -o -type f -print0 2>/dev/null
}

# secret PATH SIZE: as secret_part. By content alone, as a name could hide a program; a program may have the words of a key in it.
secret() {
  if [ ! -f "$1" ] || [ -L "$1" ] || [ "$2" -gt "$whole" ]; then return 1; fi
  secret_part "$1" "$whole" || return
  ! head -c 4 "$IR_RUN/part" | grep -q -F ELF
}

if [ "${1-}" = small ]; then
  mode=$2
  shift 2
  for path; do
    name="[root]${path#"$HOST"}"
    read -r left <"$IR_RUN/left"
    size=$(stat -c %s -- "$path" 2>/dev/null) || size=0
    if [ "$size" -gt "$small" ]; then
      frame_skip temporary "$path" "$name" 'larger than 10 MiB'
    elif [ "$size" -gt "$left" ]; then
      frame_skip temporary "$path" "$name" 'beyond the limit of all files here'
    else
      secret "$path" "$size"
      case "$? $mode" in
        '0 secrets') frame_file secret "$path" "$name" "$small" ;;
        '0 skip') frame_secret secret "$path" "$name" ;;
        '1 '* | *' secrets')
          echo "$((left - size))" >"$IR_RUN/left"
          frame_file temporary "$path" "$name" "$small"
          ;;
        *) frame_skip temporary "$path" "$name" 'not taken, as nobody could tell whether it is a secret' ;;
      esac
    fi
  done
  exit 0
fi
most=$1
IR_CAP=17179869184 IR_TIMEOUT=60 frame_output filesystem bodyfile/bodyfile.txt -- body
echo "$most" >"$IR_RUN/left"
# shellcheck disable=SC2016  # expanded by the shells that xargs starts
anybodys | xargs -0 -r sh -c '. "$IR_RUN/common"; exec </dev/null; . "$IR_RUN/script"' sh small "${2:-skip}"
