import { OperationError } from '../../output/errors.ts';
import { filters } from '../level.ts';
import { loadRules, placeRoutes, removeInside } from '../node-side.ts';
import { probePorts } from '../probes.ts';
import { insideFlushes } from '../rules/count-rules.ts';
import { insideRules } from '../rules/inside-rules.ts';
import type { Subject } from '../subject.ts';
import type { Performed, Performing, Undoing } from './act.ts';
import { nodeIsThere, noCollector } from './cut.ts';

/** Drops what the cut drops once more, in the pod's own network namespace. */
export interface InsideAction {
  readonly kind: 'inside';
  readonly summary: string;
  /** True by nft, false by rules of routing; known when the node was looked at. */
  readonly nft?: boolean;
}

/** What is placed carries the pod's uid; with `nft` only nft can remove it. */
export interface InsideRecord {
  readonly kind: 'inside';
  readonly nft?: boolean;
}

/** What the record keeps of the layer. */
export function recordInside({ nft }: InsideAction): InsideRecord {
  return nft === undefined ? { kind: 'inside' } : { kind: 'inside', nft };
}

/** The second layer of one pod. */
export function planInside(subject: Subject): InsideAction {
  const except = probePorts(subject.probes).length === 0 ? '' : ', kubelet probes excepted';
  return { kind: 'inside', summary: `second layer in the network of the pod${except}; loopback untouched` };
}

/** Places the layer: with nft where the image has it, else by rules of routing. */
export async function performInside(_: InsideAction, at: Performing): Promise<Performed> {
  const { node, subject, signal } = at;
  if (node === undefined) return noCollector;
  const { collector, level, link, rules } = node;
  if (link.inner.length === 0) return { outcome: 'not placed', detail: 'the pod has no link of its own' };
  const nft = collector.tools.has('nft');
  // The counters are there where the level counts.
  const afterwards = filters(level) ? ['# afterwards', ...insideFlushes(rules), ''] : [];
  if (nft)
    await loadRules(collector, [insideRules(rules), ...afterwards].join('\n'), 'pod', { link, signal });
  else await placeRoutes(collector, 'inside', { rules, link, addresses: subject.addresses, signal });
  at.stands(`the layer in the network of the pod on ${subject.node}`);
  return {
    outcome: 'done',
    detail: `${link.inner.join(', ')} of the pod, by ${nft ? 'nft' : 'rules of routing'}`,
  };
}

/** Removes what carries the pod's uid from every network namespace of the pod's processes. */
export async function undoInside(recorded: InsideRecord | undefined, at: Undoing): Promise<string> {
  const { node, uid } = at.pod;
  if (!(await nodeIsThere(at))) return `node ${node} is gone, and the pod with it`;
  return at.onNode(node, async (collector) => {
    const spaces = await removeInside(collector, uid, ['inside', 'count'], at.signal);
    const unseen = spaces > 0 && !collector.tools.has('nft') && recorded !== undefined;
    if (unseen && recorded.nft !== false && at.tick?.startsWith('not placed') !== true) {
      throw new OperationError(
        `the collector image ${collector.identity.image} has no nft to remove the layer in the pod with`,
        { advice: 'give the image that isolate used: --collector-image' },
      );
    }
    return spaces === 0
      ? 'no network of the pod is left on its node'
      : 'nothing of ours is left in the network of the pod';
  });
}
