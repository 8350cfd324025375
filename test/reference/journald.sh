#!/bin/sh
# journald.sh JOURNALD OUT: runs systemd-journald in mounts of its own, has root and two users log in turn while it is told to
# rotate, restarted and killed, and copies the journals that it closed to OUT. To be started with `unshare --mount --pid --fork`.
set -eu
journald=$1 out=$2 running=
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/log
cp -a /etc /run/etc
printf '0123456789abcdef0123456789abcdef\n' >/run/etc/machine-id
mount --bind /run/etc /etc
mkdir -p /run/systemd/journald.conf.d /run/systemd/journal /var/log/journal
cat >/run/systemd/journald.conf.d/test.conf <<'CONF'
[Journal]
RateLimitBurst=0
SystemMaxFileSize=1M
ForwardToSyslog=no
ReadKMsg=no
CONF

start() {
  "$journald" >/run/said 2>&1 &
  running=$!
  tries=0
  until [ -S /run/systemd/journal/socket ]; do
    sleep 0.1
    tries=$((tries + 1))
    if [ "$tries" -ge 100 ]; then cat /run/said && exit 1; fi
  done
  sleep 0.5
}

# end SIGNAL
end() {
  kill "-$1" "$running"
  wait "$running" || :
  rm -f /run/systemd/journal/socket
}

# Has it begun new journals, and waits until it says so.
rotate() {
  rm -f /run/systemd/journal/rotated
  kill -USR2 "$running"
  tries=0
  until [ -e /run/systemd/journal/rotated ]; do
    sleep 0.1
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || exit 1
  done
}

# log UID COUNT
log() {
  python3 - "$1" "$2" <<'SEND'
import os, socket, sys
uid, count = int(sys.argv[1]), int(sys.argv[2])
os.setgid(uid)
os.setuid(uid)
to = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
for number in range(count):
    to.sendto(b"MESSAGE=%d of %d %s\n" % (number, uid, b"x" * (number % 50)), "/run/systemd/journal/socket")
SEND
}

start
log 0 300
touch /run/systemd/journal/flushed
kill -USR1 "$running"
sleep 0.5
log 0 50 && log 1000 20 && log 0 50 && log 1000 5 && log 1001 3 && log 0 500
end TERM
start
log 0 50 && log 1000 30 && log 0 3000 && log 1000 10 && log 0 3000 && log 1001 2 && log 0 20
rotate
log 0 10 && log 1000 4 && log 0 400 && log 1000 1 && log 0 4
end KILL
start
log 0 30 && log 1000 3 && log 0 5
rotate
end TERM
cp /var/log/journal/*/*@* "$out"
