import type { Audience } from '../audience.ts';
import { type Block, facts, figure, heading, note, paragraph, type Section, type Text } from '../document.ts';
import type { RelationFigure, RelationNode } from '../figure.ts';
import type { ImageFacts, Workload } from '../facts/workloads.ts';
import type { Report } from '../report.ts';
import { verdictOf } from '../summary.ts';
import { code, codes, verdictTones } from '../words.ts';
import { formatCount } from '../../../output/count.ts';

/** Pods of a picture; more make it a carpet. */
const mostPictured = 8;
const mostPeers = 4;
const mostContainers = 20;

/** What is affected and what belongs to it; for engineers down to the source of the image. */
export function workloadsSection(report: Report, audience: Audience): Section {
  const { workloads } = report;
  const blocks: Block[] = [];
  if (workloads.length === 0) blocks.push(paragraph('The case is not about a pod that could be named.'));
  else blocks.push(figure(relationsOf(report)));
  if (workloads.length > mostPictured)
    blocks.push(note(`The picture has the first ${mostPictured} of ${workloads.length} pods.`));
  for (const one of workloads) blocks.push(...blocksOf(one, audience));
  return { id: 'workloads', title: 'Affected workloads', blocks };
}

function blocksOf(one: Workload, audience: Audience): Block[] {
  const { namespace, pod, node, owner, account, services, labels, peers, verdict, findings } = one;
  const deep = audience !== 'managers';
  const blocks: Block[] = [
    heading([{ code: `${namespace}/${pod}` }, ' ', { tag: verdict, tone: verdictTones[verdict] }]),
    facts([
      ['Node', code(node)],
      ['Owner', owner === undefined ? 'not in the case' : code(owner)],
      ['Account', code(account)],
      ['Services', services.length === 0 ? undefined : codes(services)],
      ['Labels', deep && labels.length > 0 ? codes(labels) : undefined],
      ['Findings', `${findings}`],
      ['Talked to', peers.length === 0 ? undefined : codes(peers)],
    ]),
  ];
  if (!deep) return blocks;
  for (const container of one.containers.slice(0, mostContainers))
    blocks.push(facts([['Container', code(container.name)], ...imageRows(container)]));
  if (one.containers.length > mostContainers)
    blocks.push(note(`${formatCount(one.containers.length - mostContainers, 'more container')}.`));
  return blocks;
}

/** What of an image leads to the code that it was built from. */
export function imageRows({ image, imageID, source, revision }: ImageFacts): (readonly [string, Text])[] {
  return [
    ['Image', code(image)],
    ['Digest', code(imageID)],
    ['Source', source === undefined ? 'not in the case: no label of the image says so' : code(source)],
    ['Revision', revision === undefined ? 'not in the case: no label of the image says so' : code(revision)],
  ];
}

/** Owner and services on the left, pods in the middle, node, account and peers on the right. */
export function relationsOf({ workloads, isolations, nodes }: Report): RelationFigure {
  const found = new Map<string, RelationNode>();
  const edges: { from: string; to: string; text: string }[] = [];
  const add = (column: number, kind: string, name: string, tone: RelationNode['tone'] = 'plain'): string => {
    const id = `${kind} ${name}`;
    if (!found.has(id)) found.set(id, { id, column, kind, name, tone });
    return id;
  };
  const link = (from: string, to: string, text: string): void => void edges.push({ from, to, text });
  const broken = new Set(nodes.filter(({ breakout }) => breakout.length > 0).map(({ name }) => name));
  for (const one of workloads.slice(0, mostPictured)) {
    const isolation = isolations.find(({ namespace, pod }) => namespace === one.namespace && pod === one.pod);
    const verdict = isolation === undefined ? 'NOT ISOLATED' : verdictOf(isolation);
    const pod = add(1, `pod, ${verdict}`, one.pod, verdictTones[verdict]);
    if (one.owner !== undefined) link(add(0, 'owner', one.owner), pod, 'owns');
    for (const service of one.services) link(add(0, 'service', service), pod, 'leads to');
    if (one.node !== undefined)
      link(pod, add(2, 'node', one.node, broken.has(one.node) ? 'bad' : 'plain'), 'runs on');
    if (one.account !== undefined) link(pod, add(2, 'account', `${one.namespace}/${one.account}`), 'acts as');
    for (const peer of one.peers.slice(0, mostPeers)) link(pod, add(2, 'talked to', peerOf(peer)), peer);
  }
  return {
    kind: 'relations',
    title: 'Affected workloads and what belongs to them',
    description: edges.map(({ from, to, text }) => `${from} ${text} ${to}`).join('; '),
    nodes: [...found.values()],
    edges,
  };
}

/** The other end of `tcp A -> B`; all of it where it is written another way. */
function peerOf(flow: string): string {
  return / -> (.+)$/.exec(flow)?.[1] ?? flow;
}
