# shellcheck shell=sh
# What an intruder who is root on a node leaves there, and how it goes away again: `plant`, then `undo`.
kept=/run/before-the-intruder

# pid_of WORDS...: the process with exactly this command line.
pid_of() {
  for process in /proc/[0-9]*; do
    if [ "$(tr '\0' ' ' <"$process/cmdline" 2>/dev/null)" = "$* " ]; then
      echo "${process#/proc/}"
      return
    fi
  done
  return 1
}

# A program of the node in a container, with what only the node may: the cgroup, all namespaces, an open directory.
enter_container() {
  target=$1
  shift
  (
    self=$(exec sh -c 'echo "$PPID"')
    while IFS=: read -r _ controllers path; do
      hierarchy=${controllers#name=}
      echo "$self" >"/sys/fs/cgroup/${hierarchy:-unified}$path/cgroup.procs"
    done <"/proc/$target/cgroup"
    exec setsid nsenter -t "$target" -m -u -i -n -p "$@" 7</root </dev/null >/dev/null 2>&1
  ) &
}

plant() {
  set -eu
  mkdir "$kept" "$kept/nothing"
  for file in /usr/sbin/sshd /var/log/wtmp /var/lib/kubelet/config.yaml /root/.ssh/authorized_keys; do
    cp -p "$file" "$kept/"
  done
  enter_container "$(pid_of sleep 40102)" sleep 40103
  # It hides a process from all tools of the node.
  mount --bind "$kept/nothing" "/proc/$(pid_of sleep 40115)"
  # A library in every program, here one that does nothing.
  cp /usr/lib/x86_64-linux-gnu/libdl.so.2 /opt/libprocess.so.1
  echo /opt/libprocess.so.1 >/etc/ld.so.preload
  # A pod in a namespace that does not exist: the API server never hears of it.
  cat >/etc/kubernetes/manifests/ghost.yaml <<'EOF'
apiVersion: v1
kind: Pod
metadata: { name: ghost, namespace: nowhere }
spec:
  hostNetwork: true
  terminationGracePeriodSeconds: 0
  containers: [{ name: main, image: "lab.local/toolbox:1", imagePullPolicy: IfNotPresent, command: [sleep, "40130"] }]
EOF
  ctr -n k8s.io run --detach --null-io lab.local/toolbox:1 cryptominer sleep 40131
  # One that says it is of a pod which has no such container.
  uid=$(sed -n 's/.*pod\([0-9a-f_-]\{36\}\).*/\1/p' "/proc/$(pid_of sleep 40102)/cgroup" | head -n 1 | tr _ -)
  cri=io.kubernetes.cri
  ctr -n k8s.io run --detach --null-io --annotation "$cri.sandbox-uid=$uid" --annotation "$cri.container-type=container" \
    --annotation "$cri.sandbox-namespace=e2e-findings-intruder" --annotation "$cri.sandbox-name=victim" \
    --annotation "$cri.container-name=sidecar" lab.local/toolbox:1 sidecar sleep 40132
  { cat /usr/sbin/sshd && echo backdoor; } >/usr/sbin/sshd.new
  chmod 0755 /usr/sbin/sshd.new
  mv /usr/sbin/sshd.new /usr/sbin/sshd
  dd if=/dev/zero of=/var/log/wtmp bs=384 seek=1 count=1 conv=notrunc 2>/dev/null
  ln -s /dev/null /root/.bash_history
  ln -s /dev/null /var/log/daemon.log
  # As the kernel writes it where somebody calls `auditctl -e 0`.
  mkdir /var/log/audit
  echo "type=CONFIG_CHANGE msg=audit($(date +%s).000:7): op=set audit_enabled=0 old=1 auid=1000 ses=4 res=1" >/var/log/audit/audit.log
  # For the next start of the kubelet: strangers may do everything.
  sed -i -e '/"anonymous"/,/}/s/false/true/' -e 's/"Webhook"/"AlwaysAllow"/' /var/lib/kubelet/config.yaml
}

undo() {
  awk '$2 ~ "^/proc/[0-9]+$" { print $2 }' /proc/mounts | xargs -r umount
  rm -f /etc/ld.so.preload /opt/libprocess.so.1 /etc/kubernetes/manifests/ghost.yaml /root/.bash_history /var/log/daemon.log \
    /etc/cron.d/logrotate-cache /etc/systemd/system/dbus-cache.service /home/nodeops/.helper
  rm -rf /var/log/audit
  for container in cryptominer sidecar; do
    ctr -n k8s.io task kill --signal SIGKILL "$container"
    ctr -n k8s.io task delete --force "$container"
    ctr -n k8s.io container delete "$container"
  done
  if [ -e "$kept/sshd" ]; then
    cp -p "$kept/sshd" /usr/sbin/sshd.new
    mv /usr/sbin/sshd.new /usr/sbin/sshd
    cat "$kept/wtmp" >/var/log/wtmp
    cat "$kept/config.yaml" >/var/lib/kubelet/config.yaml
    cat "$kept/authorized_keys" >/root/.ssh/authorized_keys
  fi
  rm -rf "$kept"
}
