import type { PodLink } from './link.ts';

/** How the link of a pod is cut, by what its node and the collector's image have. */
export const levels = ['nft full', 'nft without egress', 'busybox routed', 'busybox bridge'] as const;
export type Level = (typeof levels)[number];

/** True for a text that names a level. */
export function isLevel(value: unknown): value is Level {
  return (levels as readonly unknown[]).includes(value);
}

/** The strongest level that can be placed; undefined when no link of the pod has a host side. */
export function levelOf(link: PodLink, nft: boolean): Level | undefined {
  if (link.links.length === 0) return undefined;
  if (nft) return link.egress ? 'nft full' : 'nft without egress';
  return link.links.every((one) => one.attachment === 'routed') ? 'busybox routed' : 'busybox bridge';
}

/** True when nft filters, which can also count. */
export function filters(level: Level | undefined): boolean {
  return level === 'nft full' || level === 'nft without egress';
}

/**
 * What a level can't hold, a sentence each: with one of them the verdict is never HOLDS. `probed` when kubelet probes
 * have to come through, which routing can't tell from other traffic of the node.
 */
export function limitsOf(level: Level, link: PodLink, probed: boolean): string[] {
  switch (level) {
    case 'nft full':
      return [];
    case 'nft without egress':
      return link.links
        .filter((one) => one.attachment === 'other')
        .map(
          ({ name }) => `what reaches the pod over ${name}, which hangs on a switch that nft has no hook in`,
        );
    case 'busybox routed':
    case 'busybox bridge':
      return [
        probed
          ? 'traffic between the pod and its own node, the host network, the kubelet and node ports included'
          : 'traffic between the pod and its own node, but for the layer in the pod, which CAP_NET_ADMIN or CAP_NET_RAW in it undoes',
        ...(level === 'busybox routed' ? [] : bridgeLimits),
      ];
  }
}

const bridgeLimits = [
  'frames between the pod and its neighbours on the bridge, but for the layer in the pod, which CAP_NET_ADMIN or CAP_NET_RAW in it undoes',
  'packets that the pod sends under the address of another',
];

/** The level that a node and an image are expected to allow, before a collector has looked. */
export function expectedLevel(kernel: string, hasNft: boolean): string {
  if (!hasNft) return 'busybox routed or busybox bridge, as the network of the node is';
  const [, major = '', minor = ''] = /^(\d+)\.(\d+)/.exec(kernel) ?? [];
  const old = Number(major) < 5 || (Number(major) === 5 && Number(minor) < 16);
  return major !== '' && old ? 'nft without egress' : 'nft full';
}
