import { type Block, facts, heading, list, paragraph, type Section, table } from '../document.ts';
import type { NodeFacts } from '../facts/nodes.ts';
import type { Report } from '../report.ts';
import { codes } from '../words.ts';
import { formatCount } from '../../../output/count.ts';

/** Nodes, whether somebody may have them, and settings that would have made it harder. */
export function nodesSection({ nodes }: Report): Section {
  const blocks =
    nodes.length === 0 ? [paragraph('The case has no evidence of a node.')] : nodes.flatMap(blocksOf);
  return { id: 'nodes', title: 'Nodes and settings to harden', blocks };
}

function blocksOf({
  name,
  system,
  kernel,
  runtime,
  kubelet,
  findings,
  breakout,
  hardening,
}: NodeFacts): Block[] {
  const blocks: Block[] = [
    heading([{ code: name }, `: ${formatCount(findings, 'finding')}`]),
    facts([
      ['System', system],
      ['Kernel', kernel],
      ['Runtime', runtime],
      ['Kubelet', kubelet],
    ]),
  ];
  if (breakout.length > 0)
    blocks.push(
      {
        kind: 'verdict',
        word: 'AS TOLD BY THE NODE',
        tone: 'bad',
        text: 'Somebody may have this node as root. Replace it; what it says of itself proves nothing.',
      },
      list(breakout),
    );
  if (hardening.length > 0)
    blocks.push(
      table(
        'Settings that would have made it harder',
        ['Where', 'Setting', 'Why it matters', 'Instead'],
        hardening.map(({ where, setting, why, instead }) => [where, codes([setting]), why, instead]),
      ),
    );
  return blocks;
}
