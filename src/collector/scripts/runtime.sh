# shellcheck shell=sh
# Containers as their runtime knows them: containerd (also of k3s, docker, k0s, MicroK8s), CRI-O and podman, docker. Never what they
# run in: no root file system, no volume. Arguments: nothing, or the uid of one pod, by which its specifications are
# known, and the ids of its containers, also of those that ended; or `database PATH...`.
cap=16777216
database_cap=268435456
# Of a database of bbolt: its first two pages, of 64 KiB at most, in which its transaction numbers are; most bytes to copy.
pages=131072 fits=25165824
pod=${1-}

# Files that exist, each ended by NUL.
files() {
  for path; do
    if [ -f "$path" ] && [ ! -L "$path" ]; then printf '%s\0' "$path"; fi
  done
}

# Names of directories in which the runtimes keep one container each.
containers() {
  bundles
  for directory in "$HOST"/run/containers/storage/overlay-containers/*/userdata \
    "$HOST"/var/lib/containers/storage/overlay-containers/*/userdata \
    "$HOST"/var/lib/docker/containers/*; do
    if [ -d "$directory" ] && [ ! -L "$directory" ]; then echo "$directory"; fi
  done
}

# Of those, the ones of the pod: their specification names its uid.
chosen() {
  containers | while IFS= read -r directory; do
    if [ -z "$pod" ] || grep -q -s -F -e "$pod" "$directory/config.json" "$directory/config.v2.json"; then
      echo "$directory"
    fi
  done
}

# The identity of the container in a directory of `containers`.
identity() {
  case $1 in
    */userdata) directory=${1%/userdata} && echo "${directory##*/}" ;;
    *) echo "${1##*/}" ;;
  esac
}

specifications() {
  for name in config.json init.pid pidfile address bootstrap.json log.json options.json runtime shim-binary-path \
    state.json config.v2.json hostconfig.json hosts hostname resolv.conf; do
    files "$1/$name"
  done
}

# What is kept of a container beside its specification, also after its process ended. $1: its id, or * for all
states() {
  IFS= # no word is split below, and * is expanded
  # shellcheck disable=SC2086
  files "$HOST"/run/containerd/runc/*/$1/state.json "$HOST"/run/k3s/containerd/runc/*/$1/state.json \
    "$HOST"/run/docker/runtime-runc/*/$1/state.json
  stores | while read -r root; do
    root=$root/io.containerd.grpc.v1.cri
    # shellcheck disable=SC2086
    files "$root"/containers/$1/status "$root"/sandboxes/$1/hostname "$root"/sandboxes/$1/hosts \
      "$root"/sandboxes/$1/resolv.conf
  done
  mounts=$HOST/var/lib/docker/image/overlay2/layerdb/mounts
  # shellcheck disable=SC2086
  files "$mounts"/$1/mount-id "$mounts"/$1/init-id "$mounts"/$1/parent
  unset IFS
}

databases() {
  for root in "$HOST"/var/lib/containers/storage "$HOST"/run/containers/storage; do
    # CRI-O's containers are in the lists of what need not outlive a boot.
    for prefix in '' volatile-; do
      files "$root/overlay-containers/${prefix}containers.json" "$root/overlay-layers/${prefix}layers.json"
    done
    files "$root"/overlay-images/images.json "$root"/db.sql "$root"/db.sql-wal
  done
  files "$HOST"/var/lib/docker/image/overlay2/repositories.json
}

# Those of bbolt.
bolt_databases() {
  stores | while IFS= read -r root; do
    files "$root"/io.containerd.metadata.v1.bolt/meta.db "$root"/io.containerd.snapshotter.v1.*/metadata.db
  done
  files "$HOST"/var/lib/containers/storage/libpod/bolt_state.db "$HOST"/run/containers/storage/libpod/bolt_state.db \
    "$HOST"/var/lib/docker/network/files/local-kv.db
}

# One of them as it was between two transactions; where that can't be had, as it is read, and that it was written meanwhile.
bolt_database() {
  name="[root]${1#"$HOST"}"
  resolve "${1#"$HOST"}" && facts=$(stat -c "$IR_STAT" "$IR_PLACE") || return 0
  if [ "$(stat -c %s "$IR_PLACE")" -le "$fits" ] && copy "$IR_PLACE" "$pages" "$fits"; then
    IR_FACTS=$facts frame_output runtime "$name" -- cat "$IR_RUN/copy"
  else
    rm -f "$IR_RUN/copy"
    start "$IR_PLACE" "$IR_RUN/before" "$pages"
    frame_file runtime "$IR_PLACE" "$name" "$database_cap"
    start "$IR_PLACE" "$IR_RUN/after" "$pages"
    cmp -s "$IR_RUN/before" "$IR_RUN/after" ||
      frame_gap runtime "$name.torn" truncated 'written while it was read: its pages are of different times'
  fi
  rm -f "$IR_RUN/copy"
}

# Network namespaces that a runtime gave a name: inode and name.
namespaces() {
  [ ! -d "$HOST/run/netns" ] || ls -l -i "$HOST/run/netns"
}

# Which directories the kubelet has for pods, with their volumes; contents stay where they are.
kubelets_pods() {
  for directory in var/lib/kubelet/pods var/lib/k0s/kubelet/pods var/snap/microk8s/common/var/lib/kubelet/pods; do
    [ ! -d "$HOST/$directory" ] ||
      find "$HOST/$directory" -maxdepth 5 -xdev -exec stat -c '%A %u %g %s %X %Y %Z %N' '{}' +
  done
}

if [ "$pod" = database ]; then
  shift
  for path; do bolt_database "$path"; done
  exit 0
fi
chosen >"$IR_RUN/containers"
while IFS= read -r directory; do specifications "$directory"; done <"$IR_RUN/containers" |
  frame_list runtime "$HOST" '[root]' "$cap"
if [ -n "$pod" ]; then
  shift
  {
    while IFS= read -r directory; do identity "$directory"; done <"$IR_RUN/containers"
    [ "$#" -eq 0 ] || printf '%s\n' "$@"
  } | sort -u | while IFS= read -r id; do states "$id"; done | frame_list runtime "$HOST" '[root]' "$cap"
  exit 0
fi
states '*' | frame_list runtime "$HOST" '[root]' "$cap"
# shellcheck disable=SC2016  # expanded by the shells that xargs starts
databases | xargs -0 -r -n 100 sh -c '. "$IR_RUN/common"; exec </dev/null
  cap=$1; shift
  for path; do frame_file runtime "$path" "[root]${path#"$HOST"}" "$cap"; done' sh "$database_cap"
# shellcheck disable=SC2016  # expanded by the shells that xargs starts
bolt_databases | xargs -0 -r -n 100 sh -c 'exec </dev/null; . "$IR_RUN/common"; . "$IR_RUN/script"' sh database
frame_output runtime live_response/network/netns.txt -- namespaces
frame_output runtime live_response/kubernetes/kubelet_pods.txt -- kubelets_pods
