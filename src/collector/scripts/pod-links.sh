# shellcheck shell=sh
# Sourced after pod-space before a script that needs it. pod_links: the links of the pod, of its node, and the bridges of
# that, each after a line `== NAME`; a row each as `ip -o link show` begins it, but from the kernel's own numbers: who may
# change links in a pod, and with CAP_NET_ADMIN so those of its node (IFLA_TARGET_NETNSID, net/core/rtnetlink.c of the
# kernel), can give them names and aliases by which they look like others in text (sysfs-class-net, iflink).

# link_facts PREFIX...: `LINK/FILE:CONTENT` for each link where PREFIX... leads, with the name of its master.
link_facts() {
  # shellcheck disable=SC2016  # expanded by the inner shell
  "$@" unshare -m sh -c '
    mount -t sysfs none "$1" && cd "$1/class/net" || exit 1
    grep -H -- "" */ifindex */iflink */flags */address */bridge/bridge_id
    ls -l -- */master | sed -n "s|.* \([^ ]*\)/master -> .*/\([^/]*\)$|\1/master:\2|p"
    exit 0' sh "$IR_RUN/sys" 2>/dev/null
}
link_rows() {
  awk '
    { at = index($0, "/"); link = substr($0, 1, at - 1); rest = substr($0, at + 1)
      at = index(rest, ":"); key = substr(rest, 1, at - 1); fact[link, key] = substr(rest, at + 1)
      if (key == "ifindex") links[++count] = link }
    END { for (i = 1; i <= count; i++) { link = links[i]; own = fact[link, "ifindex"]; peer = fact[link, "iflink"]
      more = ""
      if (fact[link, "master"] != "") more = " master " fact[link, "master"]
      if (fact[link, "address"] != "") more = more " link/ether " fact[link, "address"]
      peer = (peer == own || peer == 0) ? "" : "@if" peer
      flags = substr(fact[link, "flags"], length(fact[link, "flags"]))
      name = link
      gsub(/@/, "?", name)
      print own ": " name peer ": <" (index("13579bdf", flags) ? "UP" : "") ">" more } }' "$1" | sort -n
}
pod_links() {
  mkdir "$IR_RUN/sys"
  link_facts in_pod >"$IR_RUN/pod-links" && link_facts >"$IR_RUN/node-links" || return 1
  printf '== pod-links\n'
  link_rows "$IR_RUN/pod-links"
  printf '== node-links\n'
  link_rows "$IR_RUN/node-links"
  printf '== bridges\n'
  sed -n 's|/bridge/bridge_id:.*||p' "$IR_RUN/node-links"
}
