import { type Block, figure, note, paragraph, type Section, table } from '../document.ts';
import { restOf } from '../excerpt.ts';
import type { StripFigure } from '../figure.ts';
import type { Report } from '../report.ts';
import { timeText } from '../words.ts';
import { formatCount } from '../../../output/count.ts';

/** What happened around the workloads, in order. */
export function timelineSection(report: Report): Section {
  const { moments, failed } = report.timeline;
  const blocks: Block[] = [];
  if (failed !== undefined) blocks.push(paragraph(`The order of events could not be read: ${failed}.`));
  const strips = stripsOf(report);
  if (strips !== undefined) blocks.push(figure(strips));
  if (moments.items.length === 0)
    blocks.push(paragraph('Nothing in the case that has a time is about one of its workloads.'));
  else
    blocks.push(
      table(
        'About the workloads of this case, and about what the findings name',
        ['Time', 'Source', 'Where', 'What'],
        moments.items.map(({ time, source, where, message }) => [timeText(time), source, where, message]),
      ),
    );
  const rest = restOf(moments, 'events, of each source');
  if (rest !== undefined) blocks.push(note(rest));
  return { id: 'timeline', title: 'Timeline', blocks };
}

/** All events of the case from the first of interest on; undefined when there is none. */
export function stripsOf({ timeline, isolations, course }: Report): StripFigure | undefined {
  const { from, seconds, columns, counts } = timeline;
  if (from === undefined || columns === 0) return undefined;
  const { detected, recovered } = course.moments;
  const marks = [
    ...(detected === undefined ? [] : [{ time: detected.time, text: 'detected' }]),
    ...isolations.map(({ time, pod, verdict }) => ({ time, text: `${pod}: ${verdict}` })),
    ...(recovered === undefined ? [] : [{ time: recovered.time, text: 'recovered' }]),
  ];
  const total = counts.reduce((sum, one) => sum + one.counts.reduce((most, number) => most + number, 0), 0);
  return {
    kind: 'strips',
    title: 'Events by source over time; darker where there are more',
    description: `${formatCount(total, 'event')} from ${timeText(from)} on, in ${counts.map(({ source }) => source).join(', ')}. Marked: ${marks.map(({ time, text }) => `${text} at ${timeText(time)}`).join(', ')}.`,
    from,
    seconds,
    columns,
    strips: counts.map(({ source, counts: own }) => ({ name: source, counts: own })),
    marks,
  };
}
