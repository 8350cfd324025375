import type { MatrixFigure } from '../figure.ts';
import { fitting } from './axis.ts';
import { markup, type Markup } from './markup.ts';
import { svg, width } from './svg.ts';

const left = 164;
const cellWidth = 190;
const cellHeight = 36;
const gap = 8;
const across = Math.floor((width - left) / (cellWidth + gap));

/** Techniques as boxes, a row of them for each tactic. */
export function matrixSvg(figure: MatrixFigure): Markup {
  const content: Markup[] = [];
  let y = 0;
  for (const { tactic, cells } of figure.rows) {
    content.push(markup`<text class="strong" x="0" y="${y + 22}">${tactic}</text>`);
    for (const [i, { id, name, count, tone }] of cells.entries()) {
      const x = left + (i % across) * (cellWidth + gap);
      const top = y + Math.floor(i / across) * (cellHeight + gap);
      content.push(
        markup`<g><title>${id} ${name}: ${count}</title><rect class="box ${tone}" x="${x}" y="${top}" width="${cellWidth}" height="${cellHeight}" rx="3"/><text class="small strong" x="${x + 8}" y="${top + 15}">${id}${count === 1 ? '' : ` (${count})`}</text><text class="small" x="${x + 8}" y="${top + 29}">${fitting(name, 31)}</text></g>`,
      );
    }
    y += Math.ceil(cells.length / across) * (cellHeight + gap) + gap;
    content.push(markup`<line class="rule" x1="0" y1="${y - gap}" x2="${width}" y2="${y - gap}"/>`);
  }
  return svg(figure, Math.max(y, 1), content);
}
