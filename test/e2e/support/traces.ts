import { labels } from '../../../src/collector/names.ts';
import { nodeShell } from '../../support/offer.ts';
import { kubectl, onNode } from './world.ts';

/** Where to look for what is ours: what is about one pod or node, and collectors on a node; probe pods for others may be there too. */
export interface Place {
  readonly uid: string;
  readonly node?: string;
}

interface Listed {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec?: { readonly nodeName?: string };
}

/** What stands in the cluster of ours as `kind/name`, in all of it or in one place: every kind of object that we make or mark. */
export async function ours(place?: Place): Promise<string[]> {
  const kinds =
    'pods,networkpolicies,configmaps,poddisruptionbudgets,validatingadmissionpolicies,validatingadmissionpolicybindings';
  const text = await kubectl(['get', kinds, '-A', '-l', labels.podUid, '-o', 'json']);
  return (JSON.parse(text) as { items: Listed[] }).items
    .filter(
      ({ metadata, spec }) =>
        place === undefined ||
        metadata.labels[labels.podUid] === place.uid ||
        (place.node !== undefined &&
          metadata.labels[labels.role] === 'collector' &&
          spec?.nodeName === place.node),
    )
    .map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
}

/** The same of one pod and its node, with our rules on the node and in the networks of its pods. */
export async function traces(place: Required<Place>): Promise<string[]> {
  return [...(await ours(place)), ...(await rulesOn(place.node))];
}

/** Our rules on a node, in its own network and in those of its pods; they only show where nodes have a shell. */
export async function rulesOn(node: string): Promise<string[]> {
  if (!nodeShell().met) return [];
  const inside = 'for each in /run/netns/*; do nsenter --net="$each" nft list tables; done';
  const { stdout } = await onNode(node, `nft list tables; iptables-save; ip6tables-save; ${inside}`);
  return stdout.split('\n').filter((line) => /\bir[-_]/.test(line));
}
