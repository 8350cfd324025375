#!/bin/sh
# First step of a node, still in the machine's namespaces: gives the node a cgroup in every hierarchy and
# namespaces of its own, then goes on with root.sh.
# Usage: enter.sh NODE CGROUP NODE_DIR PROGRAM...
set -eu
node=$1 cgroup=$2 node_dir=$3
shift 3

# Joins (and makes) the node's cgroup below one hierarchy's mount point.
join() {
  mkdir -p "$1/$cgroup"
  # A new v1 cpuset has no processors and no memory and takes no process.
  for resource in cpus mems; do
    if [ -e "$1/$cgroup/cpuset.$resource" ]; then
      cat "$1/cpuset.$resource" >"$1/$cgroup/cpuset.$resource"
    fi
  done
  echo 0 >"$1/$cgroup/cgroup.procs"
}

while read -r _ mount type _; do
  case $type in
  cgroup | cgroup2) join "$mount" ;;
  esac
done </proc/mounts

exec unshare --mount --propagation private --pid --fork --kill-child --uts --ipc --net --cgroup \
  /bin/sh "$(dirname "$0")/root.sh" "$node" "$node_dir" "$@"
