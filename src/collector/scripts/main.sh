# shellcheck shell=sh
# What the collector's container runs: leaves out what may never answer, makes the node's file system read-only where
# the runtime did not, then waits and ends itself when nobody has used it for $1 seconds.
set -u
export LC_ALL=C
trap 'exit 0' TERM
idle=$1

# mountinfo (proc_pid_mountinfo(5)): field 5 is the mount point with \ooo for blanks, field 6 its own options, and the
# type follows a dash. It is read before anything is changed.
# busybox adds the options of /proc/mounts itself, so nosuid and the like stay; it skips one that is there already.
cp /proc/self/mountinfo /spool/mountinfo
while read -r _ _ _ _ point options rest; do
  case $point in
    /host | /host/*) ;;
    *) continue ;;
  esac
  case $point in
    *\\*) point=$(printf '%b.' "$(printf '%s' "$point" | sed 's/\\/\\0/g')") && point=${point%.} ;;
  esac
  # A file system over a network or of a process of the node may be dead, and a look at it would never end. This
  # mount namespace is ours alone: nobody else loses it.
  rest=" $rest"
  kind=${rest#* - }
  kind=${kind%% *}
  # systemd's; the kinds of programs are mounted on it once somebody looked, and are what a look meets.
  [ "$point" != /host/proc/sys/fs/binfmt_misc ] || [ "$kind" != autofs ] ||
    ! grep -q '/host/proc/sys/fs/binfmt_misc .* - binfmt_misc ' /proc/self/mountinfo || continue
  [ "$point" = /host ] || case $kind in
    nfs | nfs4 | fuse | fuse.* | fuseblk | cifs | smb3 | ceph | 9p | glusterfs | lustre | afs | autofs | gpfs | wekafs | beegfs)
      umount -l "$point" && echo >>/spool/detached && continue
      ;;
  esac
  case ,$options, in
    *,ro,*) continue ;;
  esac
  mount -o remount,bind,ro,noatime "$point" && echo >>/spool/remounted
done </spool/mountinfo 2>/dev/null
# Of several mounts on one point only the last can be reached.
awk '$5 == "/host" || $5 ~ "^/host/" { options[$5] = $6 }
  END { for (point in options) if ("," options[point] "," !~ /,ro,/) print point }
' /proc/self/mountinfo >/spool/writable
# What blocks are hashed with: busybox knows the processor's instructions for sha256 since 1.36 and on x86 alone, and
# without them sha512 takes two thirds of the time.
digest=sha512sum
case $(sh --help 2>&1) in
  *'BusyBox v1.'[12][0-9].* | *'BusyBox v1.3'[0-5].*) ;;
  *) ! grep -q -w sha_ni /proc/cpuinfo || digest=sha256sum ;;
esac
echo "$digest" >/spool/digest
: >/spool/ready

# True when the process that made a run directory still lives: same pid, same start time.
lives() {
  read -r born <"$1/born" && read -r stat <"/proc/${1##*.}/stat" || return 1
  # shellcheck disable=SC2086  # fields
  set -- ${stat##*) }
  [ "${20-}" = "$born" ]
} 2>/dev/null

read -r last _ </proc/uptime
while :; do
  sleep 5 &
  wait $!
  read -r now _ </proc/uptime
  for run in /spool/run.*; do
    [ -d "$run" ] || continue
    if lives "$run"; then
      last=$now
    elif [ -e "$run/born" ]; then
      rm -rf "$run"
    fi
  done
  [ "$((${now%%.*} - ${last%%.*}))" -lt "$idle" ] || exit 0
done
