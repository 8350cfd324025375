import type { LaneFigure } from '../figure.ts';
import { at, type Axis, fitting, place, rounded, ticks } from './axis.ts';
import { markup, type Markup } from './markup.ts';
import { svg, width } from './svg.ts';

const left = 110;
const laneHeight = 26;
const narrowest = 3;
/** Width of a letter, near enough to know whether a text fits into its bar. */
const letter = 6.2;

/** Lanes one below the other, what went on in each as bars. */
export function lanesSvg(figure: LaneFigure): Markup {
  const lanes = figure.lanes.map(({ name, spans }) => ({
    name,
    spans: spans.filter((span) => !Number.isNaN(at(span.from)) && !Number.isNaN(at(span.to))),
  }));
  const times = lanes.flatMap(({ spans }) => spans.flatMap(({ from, to }) => [at(from), at(to)]));
  const from = times.reduce((least, time) => Math.min(least, time), times[0] ?? 0);
  const to = Math.max(
    times.reduce((most, time) => Math.max(most, time), from),
    from + 1000,
  );
  const axis: Axis = { from, to, left, right: width - 8 };
  const bottom = lanes.length * laneHeight;
  const content = [...ticks(axis, 0, bottom)];
  for (const [row, { name, spans }] of lanes.entries()) {
    const y = row * laneHeight;
    content.push(
      markup`<text class="small" x="0" y="${y + 17}">${fitting(name, 18)}</text><line class="rule" x1="0" y1="${y + laneHeight}" x2="${width}" y2="${y + laneHeight}"/>`,
    );
    content.push(...bars(axis, y, name, spans));
  }
  return svg(figure, bottom + 20, content);
}

/** Bars of one lane. A text that says more than the lane stands beside its bar where it meets no other; each bar has it as a title. */
function bars(axis: Axis, y: number, lane: string, spans: LaneFigure['lanes'][number]['spans']): Markup[] {
  const taken = spans.map(({ from, to }) => {
    const x = place(axis, at(from));
    const length = rounded(Math.max(place(axis, at(to)) - x, narrowest));
    return { start: Math.min(x, axis.right - length), length };
  });
  const isFree = (start: number, end: number): boolean =>
    start >= axis.left &&
    end <= axis.right &&
    taken.every((one) => one.start >= end || one.start + one.length <= start);
  return spans.map(({ text }, i) => {
    const { start = 0, length = 0 } = taken[i] ?? {};
    const label = fitting(text, 40);
    const wide = rounded(label.length * letter);
    const beside = text === lane ? [] : [start + length + 4, start - wide - 4];
    const free = beside.find((from) => isFree(from, from + wide));
    if (free !== undefined) taken.push({ start: free, length: wide });
    const words =
      free === undefined
        ? markup``
        : markup`<text class="small" x="${rounded(free)}" y="${y + 17}">${label}</text>`;
    return markup`<g><title>${text}</title><rect class="bar" x="${start}" y="${y + 6}" width="${length}" height="${laneHeight - 12}" rx="2"/>${words}</g>`;
  });
}
