import type { Moment } from '../../course.ts';
import { type Block, figure, note, paragraph, type Section, table } from '../document.ts';
import type { LaneFigure } from '../figure.ts';
import type { Report } from '../report.ts';
import { durationText, timeText } from '../words.ts';

/** What a moment is shown by, in words. */
const shownBy: Readonly<Record<Moment['shown'], string>> = {
  said: 'as somebody said when the case was opened',
  opened: 'when the case was opened',
  isolation: 'the first isolation that was proven to hold',
  move: 'a move to the next phase',
};

/** How long it took, and what went on beside what. */
export function timesSection({ course, spans, timeline }: Report): Section {
  const { moments, times, moves } = course;
  const blocks: Block[] = [
    table(
      'Times of the incident',
      ['What', 'When', 'By', 'After'],
      [
        row('Began', moments.began),
        row('Detected', moments.detected, times.detect, 'it began'),
        row('Contained', moments.contained, times.contain, 'it was detected'),
        row('Recovered', moments.recovered, times.recover, 'it was detected'),
      ],
    ),
  ];
  const lanes = lanesOf(moves.items, spans);
  if (lanes.lanes.length > 0) blocks.push(figure(lanes));
  if (moves.items.length > 1)
    blocks.push(
      table(
        'Phases',
        ['Phase', 'Entered', 'By', 'Decided by', 'Why'],
        moves.items.map(({ phase, time, by, decidedBy, why }) => [
          phase,
          timeText(time),
          by,
          decidedBy ?? '-',
          why ?? '-',
        ]),
      ),
    );
  else blocks.push(paragraph('No phase of the incident but its opening is on record.'));
  for (const { node, sentence } of timeline.clocks) blocks.push(note(`Clock of ${node}: ${sentence}.`));
  return { id: 'times', title: 'Times', blocks };
}

function row(what: string, moment: Moment | undefined, seconds?: number, after?: string): string[] {
  if (moment === undefined) return [what, 'not on record', '-', '-'];
  const line = moment.line === undefined ? '' : ` (line ${moment.line})`;
  return [
    what,
    timeText(moment.time),
    `${shownBy[moment.shown]}${line}`,
    seconds === undefined ? '-' : `${durationText(seconds)} after ${after ?? ''}`,
  ];
}

/** Phases first, each until the next one; then what this program did. */
export function lanesOf(moves: Report['course']['moves']['items'], spans: Report['spans']): LaneFigure {
  const ends = [...moves.map(({ time }) => time), ...spans.map(({ to }) => to)].sort();
  const last = ends.at(-1) ?? '';
  const phases =
    moves.length < 2
      ? []
      : moves.map(({ phase, time }, i) => ({ name: phase, from: time, to: moves[i + 1]?.time ?? last }));
  const lanes = new Map<string, { from: string; to: string; text: string }[]>();
  const add = (name: string, span: { from: string; to: string; text: string }): void => {
    lanes.set(name, [...(lanes.get(name) ?? []), span]);
  };
  for (const { name, from, to } of phases) add(name, { from, to, text: name });
  for (const { lane, from, to, text } of spans) add(lane, { from, to, text });
  const names = [...lanes.keys()].join(', ');
  return {
    kind: 'lanes',
    title: 'What went on when: phases, and acts of the responders',
    description: `Lanes from top to bottom: ${names}.`,
    lanes: [...lanes].map(([name, own]) => ({ name, spans: own })),
  };
}
