# shellcheck shell=sh
# Sourced by node-services, in a process of its own: what a node's first minutes leave behind, each file written
# by the program that writes it on any Debian node.
#   journal                 systemd-journald        } they go on running, as on any node, so that
#   syslog, auth.log, …     rsyslogd                } their files change while they are read
#   lastlog, btmp, wtmp     sshd                    }
#   utmp                    sshd; the record of the boot, and wtmp's, utmpdump (the program for that,
#                           systemd-update-utmp, takes the time from systemd, which is not here)
#   passwd and shadow       useradd, chpasswd       faillog             faillog
#   history of commands     bash                    crontab of a user   crontab
#   units' links            systemctl
# cron runs until it has done what is due at boot, and no longer: the node's /etc/cron.daily is the machine's.
set -eu
trap 'echo $? >/run/node-furnished' EXIT
umask 022

# await COMMAND...: until it succeeds, a minute at most.
await() {
  tries=1200
  until "$@"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { echo "waited a minute for: $*" && return 1; }
    sleep 0.05
  done
}

# The boot. utmpdump takes each field as it stands, so the id is filled up with NUL.
now=$(date -u +%Y-%m-%dT%H:%M:%S,%6N)+00:00
kernel=$(uname -r)
for file in /run/utmp /var/log/wtmp; do
  printf '[2] [00000] [~~\0\0] [reboot  ] [~           ] [%-20s] [0.0.0.0        ] [%s]\n' "$kernel" "$now" |
    utmpdump -r >"$file"
  chgrp utmp "$file"
  chmod 0664 "$file"
done
install -m 0660 -g utmp /dev/null /var/log/btmp
install -m 0664 -g utmp /dev/null /var/log/lastlog
install -m 0644 /dev/null /var/log/faillog

# rsyslogd first, so that it misses nothing of what journald passes on. Its socket holds 10 messages unless told
# otherwise, and journald throws away what does not fit; systemd tells the kernel 512 as it boots.
echo 512 >/proc/sys/net/unix/max_dgram_qlen
mkdir -p /run/systemd/journal /var/spool/rsyslog
service rsyslog rsyslogd -n
await [ -S /run/systemd/journal/syslog ]
# Its complaints about itself would otherwise go into the kernel's log, which is the machine's.
service systemd-journald env SYSTEMD_LOG_TARGET=console /lib/systemd/systemd-journald
await [ -S /run/systemd/journal/dev-log ]
ln -s /run/systemd/journal/dev-log /dev/log

# Somebody who looks after the node, with a password, a key and sudo.
useradd --create-home --shell /bin/bash --comment 'Node operator' nodeops
echo 'nodeops:winter-2026' | chpasswd
chmod 0440 /etc/sudoers.d/nodeops
mkdir -m 0700 /run/furniture
ssh-keygen -q -t ed25519 -N '' -C nodeops@bastion -f /run/furniture/key
install -d -m 0700 -o nodeops -g nodeops /home/nodeops/.ssh
keys=/home/nodeops/.ssh/authorized_keys
install -m 0600 -o nodeops -g nodeops /dev/null "$keys"
{ printf 'from="198.51.100.0/24",no-agent-forwarding ' && cat /run/furniture/key.pub; } >"$keys"

# sshd's first visitors. A wrong password takes it two seconds, so the rest goes on beside them; they give way to
# what the cluster's start waits for.
for type in ecdsa ed25519; do ssh-keygen -q -t "$type" -N '' -f "/etc/ssh/ssh_host_${type}_key"; done
mkdir -p /run/sshd
service ssh nice unshare --net /bin/sh /usr/local/sbin/node-visitors /run/furniture/key
visitors=$!

journalctl --flush
for name in containerd kubelet; do service "$name" systemd-cat -t "$name" busybox tail -n +1 -F "/var/log/$name.log"; done
systemctl --quiet enable kubelet.service
faillog -u nodeops -m 5
chgrp crontab /var/spool/cron/crontabs
chmod 1730 /var/spool/cron/crontabs
echo '*/10 * * * * df -h / >disk.txt' | crontab -u nodeops -
service cron cron -f
await [ -s /run/node-report ]
await grep -q 'CMD (uptime -p >/run/node-report)' /var/log/syslog
kill "$(cat /run/crond.pid)"

wait "$visitors"
rm -r /run/furniture
service ssh /usr/sbin/sshd -D
journalctl --sync
