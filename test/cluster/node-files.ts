import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Layout, network, nodeDirectory, type NodePlan } from './layout.ts';
import { cniConfig, kubeProxyConfig, masquerade } from './node-network.ts';
import { kubeconfigOf } from './pki.ts';
import { type Policy, policyUser } from './policy.ts';

/** Writes the files that make a root file system this node's, below NODE_DIR/files, as root.sh lays them over. */
export async function writeNodeFiles(
  layout: Layout,
  node: NodePlan,
  policy: Policy,
  booted: Date,
): Promise<void> {
  const pki = (name: string): Promise<Buffer> => readFile(join(layout.pki, name));
  const files: Record<string, string | Buffer> = {
    'etc/hostname': `${node.name}\n`,
    'etc/hosts': `127.0.0.1 localhost\n${node.address} ${node.name}\n${node.address6} ${node.name}\n`,
    'etc/resolv.conf': `nameserver ${network.gateway}\n`,
    'etc/machine-id': `${createHash('md5').update(`${node.name} ${booted.toISOString()}`).digest('hex')}\n`,
    'etc/containerd/config.toml': containerdConfig(node),
    'etc/cni/net.d/10-pods.conflist': json(cniConfig(node)),
    'etc/iptables/rules.v4': masquerade(network.pods),
    'etc/iptables/rules.v6': masquerade(network.pods6),
    'etc/kubernetes/kubelet.conf': await readFile(kubeconfigOf(layout, node.name)),
    'etc/kubernetes/kube-proxy.conf': await readFile(kubeconfigOf(layout, 'kube-proxy')),
    'etc/kubernetes/kube-proxy.yaml': json(kubeProxyConfig(node)),
    'etc/kubernetes/pki/ca.crt': await pki('ca.crt'),
    'var/lib/kubelet/config.yaml': json(kubeletConfig()),
    'var/lib/kubelet/pki/kubelet.crt': await pki(`${node.name}.crt`),
    'var/lib/kubelet/pki/kubelet.key': await pki(`${node.name}.key`),
    'root/.ssh/authorized_keys': '',
  };
  if (policy === 'enforce') {
    files['etc/kubernetes/network-policy.conf'] = await readFile(kubeconfigOf(layout, policyUser));
  }
  for (const [path, content] of Object.entries(files)) {
    const target = join(nodeDirectory(layout, node), 'files', path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content, { mode: /\.(key|conf)$|^root/.test(path) ? 0o600 : 0o644 });
  }
  for (const path of ['root', 'root/.ssh']) {
    await chmod(join(nodeDirectory(layout, node), 'files', path), 0o700);
  }
}

/** JSON is YAML: the servers read it in place of it. */
function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * Configuration of either generation. The OOM score is left alone because a machine's root may lack
 * CAP_SYS_RESOURCE, and runc fails without it.
 */
function containerdConfig(node: NodePlan): string {
  return node.runtime === 'containerd-2'
    ? `version = 3
[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "lab.local/pause:1"
[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = true
[plugins."io.containerd.cri.v1.runtime".cni]
  bin_dirs = ["/usr/lib/cni"]
`
    : `version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "lab.local/pause:1"
  restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/usr/lib/cni"
`;
}

function kubeletConfig(): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: '/etc/kubernetes/pki/ca.crt' },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: '/var/lib/kubelet/pki/kubelet.crt',
    tlsPrivateKeyFile: '/var/lib/kubelet/pki/kubelet.key',
    cgroupDriver: 'cgroupfs',
    failCgroupV1: false,
    failSwapOn: false,
    clusterDomain: 'cluster.local',
    clusterDNS: [network.dns],
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    staticPodPath: '/etc/kubernetes/manifests',
    resolvConf: '/etc/resolv.conf',
    // Images come from files once; a full disk of the machine must not take them away.
    evictionHard: { 'memory.available': '20Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    imageGCHighThresholdPercent: 100,
    imageMinimumGCAge: '100h',
  };
}
