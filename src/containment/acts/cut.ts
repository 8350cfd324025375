import { getObjectOrUndefined } from '../../cluster/apply.ts';
import type { Node } from '../../cluster/objects.ts';
import { OperationError } from '../../output/errors.ts';
import { filters, type Level } from '../level.ts';
import { loadRules, placeRoutes, removeRoutes, unloadTables } from '../node-side.ts';
import { probePorts } from '../probes.ts';
import { cutRules } from '../rules/cut-rules.ts';
import type { Subject } from '../subject.ts';
import type { NodeSide, Performed, Performing, Undoing } from './act.ts';

/** Cuts the pod's link on the host side. */
export interface CutAction {
  readonly kind: 'cut';
  readonly summary: string;
  /** Probe ports that stay open for the kubelet. */
  readonly ports: readonly number[];
  /** Known when the node was looked at. */
  readonly level?: Level;
}

/** What is placed carries the pod's uid, by which it is found again; the level says which tool removes it. */
export interface CutRecord {
  readonly kind: 'cut';
  readonly level?: Level;
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

/** What the record keeps of a cut. */
export function recordCut({ level }: CutAction): CutRecord {
  return level === undefined ? { kind: 'cut' } : { kind: 'cut', level };
}

/** Places the cut at the chosen level, all of it or nothing. */
export async function performCut(_: CutAction, at: Performing): Promise<Performed> {
  const { node, subject, signal } = at;
  if (node === undefined) return noCollector;
  const { collector, level, link, rules, waiting } = node;
  if (level === undefined) return { outcome: 'not placed', detail: whyNot(node) };
  const names = link.links.map((one) => one.name);
  const detail = `${names.join(', ')} on ${subject.node}, level ${level}`;
  const seconds = filters(level)
    ? await (waiting?.place(signal) ?? loadRules(collector, cutRules(rules), 'node', { link, signal }))
    : await placeRoutes(collector, 'cut', { rules, link, addresses: subject.addresses, signal });
  at.stands(`the cut of ${names.join(', ')} on ${subject.node}`);
  return { outcome: 'done', detail, ...(seconds === undefined ? {} : { nodeSeconds: seconds }) };
}

/** The result of an act on the node when there is no collector on it. */
export const noCollector: Performed = { outcome: 'not placed', detail: 'no collector is on the node' };

function whyNot({ link }: NodeSide): string {
  return `no link of the pod has a side on the host (${link.uncut.join(', ') || 'none found'})`;
}

/**
 * Removes from the node every rule that carries the pod's uid, nft or routing, whatever the record says. An image without nft
 * can't look for tables, which is an error unless the record says that none were placed.
 */
export async function undoCut(recorded: CutRecord | undefined, at: Undoing): Promise<string> {
  const { node, uid } = at.pod;
  if (!(await nodeIsThere(at)))
    return `node ${node} has left the cluster; rules of ours on it end when it starts anew`;
  return at.onNode(node, async (collector) => {
    await removeRoutes(collector, uid, at.signal);
    if (collector.tools.has('nft')) {
      await unloadTables(collector, uid, ['cut', 'count', 'mark'], at.signal);
    } else if (recorded !== undefined && needsNft(recorded, at)) {
      throw new OperationError(
        `the collector image ${collector.identity.image} has no nft to remove the cut with`,
        { advice: 'give the image that isolate used: --collector-image' },
      );
    }
    return `link open on ${node}; no rule of ours is left there`;
  });
}

function needsNft({ level }: CutRecord, { tick }: Undoing): boolean {
  return (level === undefined || filters(level)) && tick?.startsWith('not placed') !== true;
}

/** False when the node has left the cluster. */
export async function nodeIsThere({ api, pod, signal }: Undoing): Promise<boolean> {
  const ref = { apiVersion: 'v1', resource: 'nodes', name: pod.node };
  return (await getObjectOrUndefined<Node>(api, ref, signal)) !== undefined;
}
