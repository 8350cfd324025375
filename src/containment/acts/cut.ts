import { getObjectOrUndefined } from '../../cluster/apply.ts';
import type { Node } from '../../cluster/objects.ts';
import { OperationError } from '../../output/errors.ts';
import { loadRules, unloadTables } from '../node-side.ts';
import { probePorts } from '../probes.ts';
import { cutRules } from '../rules.ts';
import type { Subject } from '../subject.ts';
import type { NodeSide, Performed, Performing, Undoing } from './act.ts';

/** Cuts the pod's link on the host side. */
export interface CutAction {
  readonly kind: 'cut';
  readonly summary: string;
  /** Probe ports that stay open for the kubelet. */
  readonly ports: readonly number[];
}

/** Needs nothing to be undone: the names of its tables follow from the pod's uid. */
export interface CutRecord {
  readonly kind: 'cut';
}

/** The cut of one pod. */
export function planCut(subject: Subject): CutAction {
  const ports = probePorts(subject.probes);
  const except =
    ports.length === 0
      ? 'no exception, because no probe uses the network'
      : `kubelet probes to ${ports.map((port) => `:${port}`).join(' ')} excepted`;
  const summary = `link of the pod on ${subject.node}, both ways, IPv4 and IPv6, ${except}`;
  return { kind: 'cut', summary, ports };
}

/** Loads the rules, all or none. */
export async function performCut(_: CutAction, at: Performing): Promise<Performed> {
  const { node, subject } = at;
  if (!node.filtered) return { outcome: 'not placed', detail: whyNot(node) };
  await loadRules(node.collector, cutRules(node.rules, true), at.signal);
  const detail = `${node.link.links.join(', ')} on ${subject.node}`;
  at.stands(`the cut of ${detail}`);
  return { outcome: 'done', detail };
}

function whyNot({ collector, link }: NodeSide): string {
  return collector.tools.has('nft')
    ? `no link of the pod has a side on the host (${link.uncut.join(', ') || 'none found'})`
    : `the collector image ${collector.identity.image} has no nft; give one that has it with --collector-image`;
}

/**
 * Removes our rules from the node. Without nft that is only fine where none were placed, and with it they are looked
 * for whatever the record says.
 */
export async function undoCut(recorded: CutRecord | undefined, at: Undoing): Promise<string> {
  const { node, uid } = at.pod;
  const ref = { apiVersion: 'v1', resource: 'nodes', name: node };
  const there = await getObjectOrUndefined<Node>(at.api, ref, at.signal);
  if (there === undefined) return `node ${node} is gone, and its rules with it`;
  return at.onNode(node, async (collector) => {
    if (!collector.tools.has('nft')) {
      const placed = recorded !== undefined && at.tick?.startsWith('not placed') !== true;
      if (!placed) return 'no cut was placed, as the record says';
      throw new OperationError(
        `the collector image ${collector.identity.image} has no nft to remove the cut with`,
        { advice: 'give the image that isolate used: --collector-image' },
      );
    }
    await unloadTables(collector, uid, ['cut', 'count', 'mark'], at.signal);
    return `link open on ${node}; no rule of ours is left there`;
  });
}
