# shellcheck shell=sh
# What those who look after a node do there, in the shape of what intruders do: `plant`, then `undo`.
kept=/run/before-the-innocent

plant() {
  set -eu
  mkdir "$kept"
  cp -p /var/log/wtmp "$kept/"
  # A library of a package in every program.
  echo /lib/x86_64-linux-gnu/libdl.so.2 >/etc/ld.so.preload
  # A container of the node's own, in a namespace of the runtime that is not Kubernetes'.
  mkdir -p "$kept/root/bin"
  cp /bin/busybox "$kept/root/bin/"
  ctr -n default run --detach --null-io --rootfs "$kept/root" nightly /bin/busybox sleep 40231
  # A job, a service and a login script of an administrator.
  printf '#!/bin/sh\ntar -cf /var/backups/etc.tar /etc\n' >/usr/local/sbin/backup
  chmod 0755 /usr/local/sbin/backup
  echo '30 3 * * * root /usr/local/sbin/backup' >/etc/cron.d/backup
  printf '[Service]\nType=oneshot\nExecStart=/usr/local/sbin/backup\n' >/etc/systemd/system/backup.service
  echo 'export EDITOR=vi' >/etc/profile.d/editor.sh
  # A program that was upgraded and goes on in its old version.
  cp /usr/bin/sleep /usr/local/bin/reporter
  setsid /usr/local/bin/reporter 40232 </dev/null >/dev/null 2>&1 &
  echo $! >"$kept/reporter"
  sleep 0.5
  cp /usr/bin/sleep /usr/local/bin/reporter.new
  echo 2 >>/usr/local/bin/reporter.new
  mv /usr/local/bin/reporter.new /usr/local/bin/reporter
  # A program in the place of that of a package, as dpkg-divert(1) is made for.
  dpkg-divert --quiet --local --rename --divert /usr/bin/ss.distrib --add /usr/bin/ss
  { cat /usr/bin/ss.distrib && echo patched; } >/usr/bin/ss
  chmod 0755 /usr/bin/ss
  # logrotate's work.
  mv /var/log/wtmp /var/log/wtmp.1
  install -m 0664 -g utmp /dev/null /var/log/wtmp
  # A boot, with the rules of the audit trail loaded anew.
  mkdir /var/log/audit
  now=$(date +%s)
  cat >/var/log/audit/audit.log <<EOF
type=DAEMON_END msg=audit($((now - 90)).000:1): op=terminate auid=4294967295 pid=1 res=success
type=DAEMON_START msg=audit($((now - 60)).000:2): op=start auid=4294967295 pid=700 res=success
type=CONFIG_CHANGE msg=audit($((now - 59)).000:3): auid=4294967295 op=remove_rule key=(null) list=4 res=1
type=CONFIG_CHANGE msg=audit($((now - 59)).100:4): auid=4294967295 op=add_rule key="exec" list=4 res=1
EOF
  # For a group, not for root.
  cp /usr/bin/true /home/nodeops/report
  chgrp nodeops /home/nodeops/report
  chmod 2755 /home/nodeops/report
}

undo() {
  awk '$2 ~ "^/var/lib/kubelet/plugins/csi.example" { print $2 }' /proc/mounts | xargs -r umount
  rm -rf /etc/ld.so.preload /usr/local/sbin/backup /etc/cron.d/backup /etc/systemd/system/backup.service \
    /etc/profile.d/editor.sh /home/nodeops/report /var/lib/kubelet/plugins/csi.example /opt/cni/bin/example \
    /var/lib/example
  rm -rf /var/log/audit
  ctr -n default task kill --signal SIGKILL nightly
  ctr -n default task delete --force nightly
  ctr -n default container delete nightly
  kill "$(cat "$kept/reporter")"
  rm -f /usr/local/bin/reporter
  if dpkg-divert --list /usr/bin/ss | grep -q ss.distrib; then
    rm -f /usr/bin/ss
    dpkg-divert --quiet --local --rename --remove /usr/bin/ss
  fi
  if [ -e "$kept/wtmp" ]; then
    rm -f /var/log/wtmp.1
    cp -p "$kept/wtmp" /var/log/wtmp
  fi
  rmdir /opt/cni/bin /opt/cni
  rm -rf "$kept"
}
