import type { RelationFigure, RelationNode } from '../figure.ts';
import { fitting } from './axis.ts';
import { markup, type Markup } from './markup.ts';
import { svg, width } from './svg.ts';

const boxWidth = 200;
const boxHeight = 42;
const gap = 14;

/** Boxes in three columns and lines between them. */
export function relationsSvg(figure: RelationFigure): Markup {
  const columns = [0, 1, 2].map((column) => figure.nodes.filter((node) => node.column === column));
  const tallest = Math.max(1, ...columns.map((nodes) => nodes.length));
  const height = tallest * (boxHeight + gap) - gap + 4;
  const places = new Map<string, { x: number; y: number }>();
  for (const [column, nodes] of columns.entries()) {
    const used = nodes.length * (boxHeight + gap) - gap;
    const top = 2 + (height - 4 - used) / 2;
    for (const [row, { id }] of nodes.entries())
      places.set(id, { x: 1 + (column * (width - 2 - boxWidth)) / 2, y: top + row * (boxHeight + gap) });
  }
  const content: Markup[] = [];
  for (const { from, to, text } of figure.edges) {
    const [start, end] = [places.get(from), places.get(to)];
    if (start === undefined || end === undefined) continue;
    const [x1, y1, x2, y2] = [start.x + boxWidth, start.y + boxHeight / 2, end.x, end.y + boxHeight / 2];
    const bend = (x2 - x1) / 2;
    content.push(
      markup`<path class="edge" d="M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"><title>${text}</title></path>`,
    );
  }
  for (const node of figure.nodes) content.push(box(node, places.get(node.id) ?? { x: 0, y: 0 }));
  return svg(figure, height, content);
}

function box(
  { kind, name, tone }: RelationNode,
  { x, y }: { readonly x: number; readonly y: number },
): Markup {
  return markup`<g><title>${kind} ${name}</title><rect class="box ${tone}" x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" rx="4"/><text class="soft small" x="${x + 10}" y="${y + 16}">${kind}</text><text x="${x + 10}" y="${y + 32}">${fitting(name, 28)}</text></g>`;
}
