# shellcheck shell=sh
# The addresses that this pod has, before its kubelet tells of them.
ip -o addr show
