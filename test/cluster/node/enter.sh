#!/bin/sh
# First step of a node, PID 1 in its new namespaces but still with the machine's files: gives it a cgroup of
# its own in every hierarchy, makes that the root of a cgroup namespace, and goes on with root.sh.
# Usage: enter.sh NODE CGROUP NODE_DIR PROGRAM...
set -eu
node=$1 cgroup=$2 node_dir=$3
shift 3

# Joins (and makes) the node's cgroup below a hierarchy's mount point.
join() {
  if [ -e "$1/cgroup.subtree_control" ]; then
    # cgroup v2: a child gets the controllers that its parent hands down.
    tr ' ' '\n' <"$1/cgroup.controllers" | while read -r controller; do
      echo "+$controller" >"$1/cgroup.subtree_control" || :
    done
  fi
  mkdir -p "$1/$cgroup"
  # A new v1 cpuset has no processors and no memory, and takes no process.
  for resource in cpus mems; do
    if [ -e "$1/cpuset.$resource" ]; then
      cat "$1/cpuset.$resource" >"$1/$cgroup/cpuset.$resource"
    fi
  done
  echo 1 >"$1/$cgroup/cgroup.procs"
}

awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' /proc/mounts | while read -r hierarchy; do
  join "$hierarchy"
done
exec unshare --cgroup /bin/sh "$(dirname "$0")/root.sh" "$node" "$node_dir" "$@"
