#!/bin/sh
# Runs podman and dockerd on a node of the test cluster, from the files of their packages, with stores of their own in
# memory; nothing is installed.
# Usage: engines.sh unpack <LAYER.tar
#        engines.sh podman | docker    starts it; prints `NAME ID` of a container that ended and of one that runs
#        engines.sh inspect ENGINE     what the engine itself says of them, as JSON
#        engines.sh stop               ends them and takes everything away
set -eu
here=/run/engines
socket=unix://$here/docker.sock
export "LD_LIBRARY_PATH=$here/usr/lib/$(uname -m)-linux-gnu" "PATH=$here/usr/bin:$here/usr/sbin:$PATH"

podman() {
  command podman --cgroup-manager=cgroupfs --runtime=/usr/sbin/runc --conmon="$(command -v conmon)" \
    --events-backend=file --storage-driver=overlay "$@"
}
docker() { command docker -H "$socket" "$@"; }

# Overlay file systems cannot lie on the node's root, which is one. Programs that the machine has are in no layer.
unpack() {
  stop
  mkdir -p "$here" /var/lib/containers /var/lib/docker
  mount -t tmpfs -o size=400m,mode=0755 tmpfs "$here"
  for store in containers docker; do mount -t tmpfs -o size=200m,mode=0755 tmpfs "/var/lib/$store"; done
  tar -xC "$here" --wildcards ./usr/bin/podman ./usr/bin/conmon ./usr/bin/docker ./usr/sbin/dockerd \
    "./usr/lib/$(uname -m)-linux-gnu/lib*.so*" 2>"$here/missing" || :
  for program in podman conmon docker dockerd; do
    command -v "$program" >/dev/null || { cat "$here/missing" >&2 && exit 1; }
  done
  image
}

# A tar of an image of three directories and busybox.
image() {
  mkdir -p "$here/image/bin" "$here/image/etc" "$here/image/tmp"
  cp /bin/busybox "$here/image/bin/"
  for applet in sh echo rm sleep; do ln -s busybox "$here/image/bin/$applet"; done
  echo hello >"$here/image/etc/motd"
  tar -cC "$here/image" -f "$here/image.tar" .
}

# until_true COMMAND...: at most ten seconds
until_true() {
  tries=0
  until "$@"; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || return 1
    sleep 0.1
  done
}

# containers ENGINE: one that ended and one that runs. An attached podman would wait 20 s more for the end.
containers() {
  deed='echo x >/tmp/left; rm /etc/motd; echo changed'
  "$1" run --detach --network none --cgroup-parent=/engines --name ended lab:1 sh -c "$deed" >&2
  "$1" run --detach --network none --cgroup-parent=/engines --name running lab:1 sh -c "$deed; sleep 3600" >&2
  until_true has_changed "$1" ended false
  until_true has_changed "$1" running true
  for name in ended running; do echo "$name $("$1" inspect -f '{{.Id}}' "$name")"; done
}
# has_changed ENGINE NAME RUNNING
has_changed() {
  "$1" logs "$2" 2>&1 | grep -qx changed && [ "$("$1" inspect -f '{{.State.Running}}' "$2")" = "$3" ]
}

start_podman() {
  echo '{"default":[{"type":"insecureAcceptAnything"}]}' >"$here/policy.json"
  podman import --signature-policy "$here/policy.json" "$here/image.tar" lab:1 >&2
  containers podman
}

start_docker() {
  dockerd --iptables=false --ip6tables=false --bridge=none --storage-driver=overlay2 --host="$socket" \
    --exec-root="$here/exec" --pidfile="$here/docker.pid" --oom-score-adjust=0 \
    --containerd=/run/containerd/containerd.sock </dev/null >"$here/docker.log" 2>&1 &
  until_true docker_answers || { tail -n 5 "$here/docker.log" >&2 && exit 1; }
  docker import "$here/image.tar" lab:1 >&2
  containers docker
}
docker_answers() { docker info >/dev/null 2>&1; }

stop() {
  [ -d "$here" ] || return 0
  podman rm --all --force --time 0 >&2 || :
  if [ -s "$here/docker.pid" ]; then
    # shellcheck disable=SC2046  # ids
    docker rm --force $(docker ps --all --quiet) >&2 || :
    kill "$(cat "$here/docker.pid")" || :
    until_true [ ! -s "$here/docker.pid" ]
  fi
  for store in "$here" /var/lib/containers /var/lib/docker; do umount -R -l "$store" || :; done
  rm -rf "$here" /var/lib/containers /var/lib/docker /run/containers /run/libpod /run/crun
  awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' /proc/mounts | while read -r hierarchy; do
    find "$hierarchy/engines" -depth -type d -exec rmdir {} + 2>/dev/null || :
  done
}

case $1 in
  unpack) unpack ;;
  podman | docker) "start_$1" ;;
  inspect) "$2" inspect ended running ;;
  stop) stop ;;
esac
