import type { Needs } from '../support/packages.ts';

/** What the cluster needs of the machine. */
export const clusterNeeds: Needs = {
  '/usr/bin/containerd': 'containerd',
  '/usr/sbin/runc': 'runc',
  '/usr/lib/cni/bridge': 'containernetworking-plugins',
  '/usr/sbin/iptables': 'iptables',
  '/usr/sbin/nft': 'nftables',
  '/usr/sbin/ipset': 'ipset',
  '/usr/sbin/conntrack': 'conntrack',
  '/bin/ip': 'iproute2',
  '/bin/busybox': 'busybox-static',
  '/usr/bin/openssl': 'openssl',
  '/sbin/mkfs.ext4': 'e2fsprogs',
  '/usr/bin/getfattr': 'attr',
  '/sbin/setcap': 'libcap2-bin',
  '/usr/bin/curl': 'curl',
  '/usr/bin/nsenter': 'util-linux',
  // Nodes run these of the machine; see node/furniture.sh. What else they run is in node-packages.ts.
  '/lib/systemd/systemd-journald': 'systemd',
  '/usr/sbin/useradd': 'passwd',
  '/usr/bin/lastlog': 'login',
};
