import { network, type NodePlan } from './layout.ts';

/** CNI configuration of a node: a link and an address of each IP family for every pod. */
export function cniConfig(node: NodePlan): object {
  const ipam = {
    type: 'host-local',
    ranges: [[{ subnet: node.pods }], [{ subnet: node.pods6 }]],
    routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }],
  };
  const link =
    node.links === 'bridge'
      ? { type: 'bridge', bridge: 'cni0', isGateway: true, hairpinMode: true, ipam }
      : { type: 'ptp', ipam };
  return {
    cniVersion: '1.0.0',
    name: 'pods',
    plugins: [link, { type: 'portmap', capabilities: { portMappings: true } }],
  };
}

/** Configuration of kube-proxy, which makes rules for both IP families. */
export function kubeProxyConfig(node: NodePlan): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig: '/etc/kubernetes/kube-proxy.conf' },
    mode: 'iptables',
    clusterCIDR: `${network.pods},${network.pods6}`,
    hostnameOverride: node.name,
    // These limits are the machine's and can't be set from a namespace.
    conntrack: { maxPerCore: 0, min: 0 },
  };
}

/**
 * Rules for iptables-restore(8): what pods (`range`) send to anything but pods leaves under the node's address, as
 * flannel and Calico do it.
 */
export function masquerade(range: string): string {
  const rule = `-A POSTROUTING -s ${range} ! -d ${range} -m comment --comment "pods to the outside" -j MASQUERADE`;
  return `*nat\n${rule}\nCOMMIT\n`;
}
