# shellcheck shell=sh
# Third part of what is put before every script: paths as the node means them.

# resolve PATH: leaves $IR_PLACE, the place of a path of the node below $HOST. Links are taken one by one, because an
# absolute one would lead to the collector's own root. Fails when nothing is there.
resolve() {
  ir_rest=$1 IR_PLACE=$HOST ir_links=0
  while [ -n "$ir_rest" ]; do
    ir_segment=${ir_rest%%/*}
    ir_rest=${ir_rest#"$ir_segment"}
    ir_rest=${ir_rest#/}
    case $ir_segment in
      '' | .) continue ;;
      ..) [ "$IR_PLACE" = "$HOST" ] || IR_PLACE=${IR_PLACE%/*} && continue ;;
    esac
    if [ -L "$IR_PLACE/$ir_segment" ]; then
      ir_links=$((ir_links + 1))
      [ "$ir_links" -le 40 ] || return 1
      ir_target=$(readlink -n "$IR_PLACE/$ir_segment" && echo .)
      ir_target=${ir_target%.}
      case $ir_target in /*) IR_PLACE=$HOST ;; esac
      ir_rest=$ir_target/$ir_rest
    else
      IR_PLACE=$IR_PLACE/$ir_segment
    fi
  done
  [ -e "$IR_PLACE" ]
}

# each_input COMMAND...: runs it with every path of the input, which has one a line with \0ooo for bytes that are not plain.
each_input() {
  while IFS= read -r ir_line; do
    ir_input=$(printf '%b.' "$ir_line")
    "$@" "${ir_input%.}"
  done <"$IR_RUN/input"
}

# bundles: the directory that each containerd has of each container it runs, a line each: the usual one, those of k3s and RKE2,
# docker, k0s and MicroK8s.
bundles() {
  for ir_state in run/containerd run/k3s/containerd run/docker/containerd/daemon run/k0s/containerd \
    var/snap/microk8s/common/run/containerd; do
    for ir_bundle in "$HOST/$ir_state"/io.containerd.runtime.v2.task/*/*; do
      if [ -d "$ir_bundle" ] && [ ! -L "$ir_bundle" ]; then echo "$ir_bundle"; fi
    done
  done
}

# stores: the directories in which they keep containers, images and layers, a line each.
stores() {
  for ir_store in var/lib/containerd var/lib/rancher/k3s/agent/containerd var/lib/rancher/rke2/agent/containerd \
    var/lib/docker/containerd/daemon var/lib/k0s/containerd var/snap/microk8s/common/var/lib/containerd; do
    echo "$HOST/$ir_store"
  done
}
