import { type Block, heading, paragraph, type Section, table, type Text } from '../document.ts';
import type { Report } from '../report.ts';
import { durationText, timeText } from '../words.ts';
import { formatCount } from '../../../output/count.ts';

/** Where people have to write; the template of a review without blame. */
const blank: Text = [{ tag: 'TO BE FILLED IN', tone: 'warn' }];

/** The review after the incident: what is known is filled in, what is not is marked. */
export function reviewSection({ summary, course, nodes, findings, gaps }: Report): Section {
  const { facts: told, times, tasks } = course;
  const hardening = nodes.flatMap((node) => node.hardening);
  const rows: (readonly [string, Text])[] = [
    ['What happened', summary.happened.join(' ')],
    ['Since when', summary.since],
    ['How it was noticed', told.seen ?? blank],
    ['Who was affected, and how badly', blank],
    ['Time to detect', seconds(times.detect)],
    ['Time to contain', seconds(times.contain)],
    ['Time to recover', seconds(times.recover)],
    ['Root cause', blank],
    ['What let it happen', hardening.length === 0 ? blank : settings(hardening)],
    ['What went well', blank],
    ['What went badly', blank],
    ['Where we were lucky', blank],
    [
      'What was not seen',
      `${formatCount(gaps.total, 'gap')} in the evidence, ${formatCount(findings.notJudged.total, 'rule')} that could not be judged.`,
    ],
  ];
  const actions = tasks.items.map(({ id, text, owner, due, done }): Text[] => [
    `${id}`,
    text,
    owner ?? blank,
    due === undefined ? blank : timeText(due),
    done === undefined ? 'open' : 'done',
  ]);
  const blocks: Block[] = [
    paragraph('Filled in with what the case knows. The rest is for the people who were there.'),
    table(
      'Review',
      ['Question', 'Answer'],
      rows.map(([question, answer]) => [question, answer]),
    ),
    heading('Actions'),
    actions.length === 0
      ? paragraph(['None yet: ', ...(blank as readonly { tag: string; tone: 'warn' }[])])
      : table('Actions with owners', ['No.', 'Action', 'Owner', 'Due', 'State'], actions),
  ];
  return { id: 'review', title: 'Review: root cause and actions', blocks };
}

function seconds(value: number | undefined): Text {
  return value === undefined ? blank : durationText(value);
}

const mostSettings = 6;

function settings(hardening: Report['nodes'][number]['hardening']): string {
  const named = [...new Set(hardening.map(({ setting }) => setting))];
  const more = named.length - mostSettings;
  return `Settings that were weak: ${named.slice(0, mostSettings).join('; ')}${more > 0 ? `; and ${more} more` : ''}. Whether they were used is for people to say.`;
}
