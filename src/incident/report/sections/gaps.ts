import { type Block, heading, list, note, paragraph, type Section, table } from '../document.ts';
import { restOf } from '../excerpt.ts';
import type { Report } from '../report.ts';
import { code, codes } from '../words.ts';
import { formatCount } from '../../../output/count.ts';

/** What was not measured. Nothing is claimed of it, in either direction. */
export function gapsSection({ gaps, findings, nodes }: Report): Section {
  const { notJudged, incomplete, malformed } = findings;
  const blocks: Block[] = [
    paragraph('What is listed here was not measured. Nothing is claimed of it, in either direction.'),
  ];
  const told = nodes.filter(({ breakout }) => breakout.length > 0);
  if (told.length > 0)
    blocks.push(
      heading('As told by the node'),
      list(
        told.map(({ name, breakout }) => [
          { strong: name },
          `: somebody may have it as root (${breakout.join('; ')}). All evidence from it is what that node said; what the API server and other nodes say of it was not changed by it.`,
        ]),
      ),
    );
  if (notJudged.items.length > 0)
    blocks.push(
      table(
        'Rules that could not be judged',
        ['Rule', 'Node', 'Why', 'What collects it'],
        notJudged.items.map(({ rule, node, reason, next }) => [codes([rule]), node, reason, code(next)]),
      ),
    );
  if (incomplete.items.length > 0)
    blocks.push(
      table(
        'Rules that were judged on less than there was',
        ['Rule', 'Node', 'The first that is missing'],
        incomplete.items.map(({ rule, node, reason }) => [codes([rule]), node, reason]),
      ),
    );
  for (const rest of [restOf(notJudged, 'rules'), restOf(incomplete, 'rules')])
    if (rest !== undefined) blocks.push(note(rest));
  if (gaps.items.length > 0) blocks.push(heading('Not collected, or not whole'), list(gaps.items));
  const rest = restOf(gaps, 'gaps');
  if (rest !== undefined) blocks.push(note(rest));
  if (malformed > 0)
    blocks.push(
      note(
        `${formatCount(malformed, 'piece of the evidence is no record of its format and was', 'pieces of the evidence are no records of their format and were')} left out.`,
      ),
    );
  if (blocks.length === 1) blocks.push(paragraph('Nothing of what was asked for is missing.'));
  return { id: 'gaps', title: 'Gaps', blocks };
}
