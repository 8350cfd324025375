import type { StripFigure } from '../figure.ts';
import { at, type Axis, fitting, place, rounded, ticks } from './axis.ts';
import { markup, type Markup } from './markup.ts';
import { svg, width } from './svg.ts';

const left = 96;
const stripHeight = 20;
const marksHeight = 18;

/** Events over time: a strip for each source, darker where there are more. Marks are lines with a word above. */
export function stripsSvg(figure: StripFigure): Markup {
  const { from, seconds, columns, strips, marks } = figure;
  const start = at(from) || 0;
  const axis: Axis = { from: start, to: start + seconds * columns * 1000, left, right: width - 8 };
  const shown = marks.filter(({ time }) => at(time) >= axis.from && at(time) <= axis.to);
  const top = shown.length * marksHeight + 4;
  const bottom = top + strips.length * stripHeight;
  const column = (axis.right - axis.left) / columns;
  const content = [...ticks(axis, top, bottom)];
  for (const [row, { name, counts }] of strips.entries()) {
    const y = top + row * stripHeight;
    const most = Math.max(1, ...counts);
    content.push(markup`<text class="small" x="0" y="${y + 14}">${name}</text>`);
    for (const [i, count] of counts.entries()) {
      if (count === 0) continue;
      const strength = rounded(0.25 + 0.75 * (Math.log1p(count) / Math.log1p(most)));
      content.push(
        markup`<rect class="bar" x="${rounded(axis.left + i * column)}" y="${y + 3}" width="${rounded(Math.max(column - 0.6, 1.2))}" height="${stripHeight - 6}" fill-opacity="${strength}"><title>${name}: ${count}</title></rect>`,
      );
    }
  }
  for (const [i, mark] of shown.entries()) content.push(markAt(axis, mark, i, bottom));
  return svg(figure, bottom + 20, content);
}

function markAt(
  axis: Axis,
  { time, text }: StripFigure['marks'][number],
  row: number,
  bottom: number,
): Markup {
  const x = place(axis, at(time));
  const y = row * marksHeight + 12;
  const toLeft = x > (axis.left + axis.right) / 2;
  return markup`<line class="mark" x1="${x}" y1="${y - 8}" x2="${x}" y2="${bottom}"/><text class="small halo" x="${toLeft ? x - 5 : x + 5}" y="${y}" text-anchor="${toLeft ? 'end' : 'start'}">${fitting(text, 60)}</text>`;
}
