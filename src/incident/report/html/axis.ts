import { terminalLine } from '../../../output/line.ts';
import { markup, type Markup } from './markup.ts';

/** From times to places on a picture. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly right: number;
}

/** Milliseconds of an RFC 3339 time; NaN for what is none. */
export function at(time: string): number {
  return Date.parse(time);
}

/** Where a time is, kept within the axis. */
export function place({ from, to, left, right }: Axis, time: number): number {
  const share = to > from ? (time - from) / (to - from) : 0;
  return rounded(left + Math.min(Math.max(share, 0), 1) * (right - left));
}

/** Two decimals are enough for a picture, and the same everywhere. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
const mostTicks = 6;

/** Lines at round times from `top` to `bottom`, with their times below. */
export function ticks(axis: Axis, top: number, bottom: number): Markup[] {
  const span = (axis.to - axis.from) / 1000;
  const step =
    (steps.find((one) => span / one <= mostTicks) ?? Math.ceil(span / mostTicks / 86400) * 86400) * 1000;
  const marks: Markup[] = [];
  for (let time = Math.ceil(axis.from / step) * step; time <= axis.to; time += step) {
    const x = place(axis, time);
    const iso = new Date(time).toISOString();
    const label = step >= 86_400_000 ? iso.slice(0, 10) : iso.slice(11, step % 60_000 === 0 ? 16 : 19);
    marks.push(
      markup`<line class="rule" x1="${x}" y1="${top}" x2="${x}" y2="${bottom}"/><text class="soft small" x="${x}" y="${bottom + 14}" text-anchor="${x > axis.right - 30 ? 'end' : 'middle'}">${label}</text>`,
    );
  }
  return marks;
}

/** Text that fits into so many characters; all of it stands in a title beside it. */
export function fitting(text: string, most: number): string {
  const shown = terminalLine(text);
  const characters = Array.from(shown);
  return characters.length <= most ? shown : `${characters.slice(0, most - 1).join('')}…`;
}
