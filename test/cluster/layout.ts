import { join, resolve } from 'node:path';
import type { Io } from '../../src/output/io.ts';

/** Names and addresses that exist once per machine; `down` finds by them what an interrupted `up` left. */
export const machine = {
  /** Symbolic link to the state directory of the cluster that runs on this machine. */
  owner: '/run/kubectl-ir-cluster',
  /** Link between the machine's network namespace and the cluster's. */
  link: 'irlab0',
  nftTable: 'kubectl_ir_cluster',
  cgroupPrefix: 'kubectl-ir-',
  /** Environment variable of every process of the cluster; its value is the state directory. */
  mark: 'KUBECTL_IR_CLUSTER_PART',
} as const;

/** Addresses of the cluster in both IP families. They are private to its namespaces and to the link above. */
export const network = {
  nodes: '10.94.0.0/24',
  nodes6: 'fd00:10:94::/64',
  /** The machine's end of the link, which carries IPv4 alone; nodes reach the API server here. */
  control: '10.94.0.1',
  /** The nodes' default gateway. */
  gateway: '10.94.0.254',
  gateway6: 'fd00:10:94::fe',
  pods: '10.244.0.0/16',
  pods6: 'fd00:10:244::/48',
  services: '10.96.0.0/16',
  services6: 'fd00:10:96::/112',
  apiService: '10.96.0.1',
  dns: '10.96.0.10',
  dns6: 'fd00:10:96::a',
  apiPort: 6443,
  etcdPort: 2379,
} as const;

/**
 * What lies outside of the cluster, all of it in a namespace of ours: ranges that are kept for documentation and for
 * benchmarks (RFC 5737, RFC 3849, RFC 2544), every address of which answers, and a cloud's metadata service. Not all of
 * the documentation ranges: machines behind a proxy of their own are met that have it there.
 */
export const outside = {
  ranges: ['198.51.100.0/24', '198.18.0.0/15', '2001:db8::/32'],
  /** Command-and-control server: sends back what it gets on these TCP and UDP ports. */
  c2: { name: 'c2.example.net', address: '198.51.100.66', address6: '2001:db8::66', ports: [443, 4444] },
  metadata: '169.254.169.254',
  metadata6: 'fd00:ec2::254',
} as const;

/** Every range of the cluster and its outside; none may be one of the machine's. */
export const ranges: readonly string[] = [
  ...[network.nodes, network.pods, network.services],
  ...[network.nodes6, network.pods6, network.services6],
  ...outside.ranges,
];

/** A container runtime that a node can have: built from its Go module, or Debian's. */
export type Runtime = 'containerd-2' | 'containerd-debian';

/** How pods hang on their node: all on one bridge, or each on a routed link of its own, as Calico does it. */
export type PodLinks = 'bridge' | 'ptp';

/** One node: name, runtime, addresses, and the ranges and links of its pods. */
export interface NodePlan {
  readonly name: string;
  readonly runtime: Runtime;
  readonly links: PodLinks;
  readonly address: string;
  readonly address6: string;
  readonly pods: string;
  readonly pods6: string;
}

/** The nodes of a cluster of `count` (1 to 4): two have different runtimes and pod links, four each pair of them. */
export function planNodes(count: number): NodePlan[] {
  return ['a', 'b', 'c', 'd'].slice(0, count).map((letter, index) => ({
    name: `node-${letter}`,
    runtime: index % 2 === 0 ? 'containerd-2' : 'containerd-debian',
    links: index % 3 === 0 ? 'bridge' : 'ptp',
    address: `10.94.0.${index + 2}`,
    address6: `fd00:10:94::${index + 2}`,
    pods: `10.244.${index + 2}.0/24`,
    pods6: `fd00:10:244:${index + 2}::/64`,
  }));
}

/** Paths of one cluster's state directory. */
export interface Layout {
  readonly directory: string;
  readonly record: string;
  readonly pki: string;
  readonly logs: string;
  readonly images: string;
  /** What the nodes' own Debian packages change in the machine's root; see node-packages.ts. */
  readonly nodePackages: string;
  readonly kubeconfig: string;
  readonly bin: string;
}

/** Where the cluster of this machine keeps its state: $KUBECTL_IR_CLUSTER_DIR, else below the state home. */
export function layoutOf(env: Io['env']): Layout {
  const directory = resolve(
    env.KUBECTL_IR_CLUSTER_DIR ?? join(env.XDG_STATE_HOME ?? '/var/tmp', 'kubectl-ir-cluster'),
  );
  return {
    directory,
    record: join(directory, 'cluster.json'),
    pki: join(directory, 'pki'),
    logs: join(directory, 'log'),
    images: join(directory, 'images.tar'),
    nodePackages: join(directory, 'node-packages.tar'),
    kubeconfig: join(directory, 'admin.kubeconfig'),
    bin: join(directory, 'bin'),
  };
}

/** Directory of one node: its disk image, mount point and files. */
export function nodeDirectory(layout: Layout, node: NodePlan): string {
  return join(layout.directory, node.name);
}
