import type { Collector } from '../../../src/collector/collector.ts';
import type { NodeSide, Performing, Undoing } from '../../../src/containment/acts/act.ts';
import { levelOf } from '../../../src/containment/level.ts';
import { parsePodLink } from '../../../src/containment/link.ts';
import type { ContainmentLab } from '../containment-lab.ts';
import { ordinaryLink } from '../fake-node.ts';
import { shopSubject } from '../subjects.ts';

const { signal } = new AbortController();

/** The shop pod's side on its node, as isolate hands it to the acts there. */
export function nodeSide(collector: Collector): NodeSide {
  const link = { ...parsePodLink(ordinaryLink), words: ['the-uid'] };
  const { uid, address } = shopSubject();
  const { links, inner, nodeAddresses, egress } = link;
  return {
    collector,
    link,
    level: levelOf(link, collector.tools.has('nft')),
    rules: { uid, links, inner, address, ports: [8080], nodeAddresses, egress },
  };
}

/** What an act on the shop pod has at hand; what it says to stand comes into `standing`. */
export function performing(
  lab: ContainmentLab,
  collector: Collector,
  standing: string[] = [],
): Performing & { readonly node: NodeSide } {
  return {
    api: lab.api,
    io: lab.io,
    subject: shopSubject(lab.pod),
    node: nodeSide(collector),
    signal,
    stop: new AbortController().signal,
    stands: (what) => void standing.push(what),
  };
}

/** What the undoing of an act on the shop pod has at hand. */
export function undoing(lab: ContainmentLab, collector: Collector, tick?: string): Undoing {
  const onNode: Undoing['onNode'] = (_, use) => use(collector);
  return { api: lab.api, io: lab.io, pod: shopSubject(lab.pod), tick, giveBack: true, onNode, signal };
}

/** The message of the error that a promise is rejected with. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (error instanceof Error) return error.message;
  throw new Error('nothing was refused', { cause: error });
}
