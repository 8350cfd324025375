import { terminalLine } from '../../../output/line.ts';
import type { Block, Inline, Table, Text } from '../document.ts';
import { markup, type Markup } from './markup.ts';
import { pictureOf } from './picture.ts';

/** One block as HTML. */
export function blockMarkup(block: Block): Markup {
  switch (block.kind) {
    case 'text':
      return markup`<p>${inline(block.text)}</p>`;
    case 'note':
      return markup`<p class="note">${inline(block.text)}</p>`;
    case 'heading':
      return markup`<h3>${inline(block.text)}</h3>`;
    case 'list':
      return markup`<ul>${block.items.map((item) => markup`<li>${inline(item)}</li>`)}</ul>`;
    case 'facts':
      return factsMarkup(block.rows);
    case 'commands':
      return markup`<pre><code>${block.lines.map((line, i) => markup`${i === 0 ? '' : newline}${line}`)}</code></pre>`;
    case 'verdict':
      return markup`<p class="verdict ${block.tone}"><strong>${block.word}</strong>${inline(block.text)}</p>`;
    case 'table':
      return tableMarkup(block);
    case 'figure':
      return pictureOf(block.figure);
  }
}

/** A line break that is markup, as one in a value would be shown as `\x0a`. */
const newline = markup`
`;

/** Names and values. */
export function factsMarkup(rows: readonly (readonly [string, Text])[]): Markup {
  return markup`<dl>${rows.map(([name, value]) => markup`<dt>${name}</dt><dd>${inline(value)}</dd>`)}</dl>`;
}

function tableMarkup({ caption, columns, rows }: Table): Markup {
  const head = columns.map((name) => markup`<th scope="col">${name}</th>`);
  const body = rows.map(
    (cells) => markup`<tr>${cells.map((cell, i) => cellMarkup(columns[i] ?? '', cell))}</tr>
`,
  );
  return markup`<table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

/** A cell with so few characters is not broken within a word, which would make its column as narrow as a letter. */
const short = 16;

function cellMarkup(column: string, cell: Text): Markup {
  const isShort = lengthOf(typeof cell === 'string' ? [cell] : cell) <= short;
  return markup`<td data-label="${column}"${isShort ? markup` class="short"` : markup``}>${inline(cell)}</td>`;
}

/** Characters as they are shown, which may be four for one. */
function lengthOf(cell: readonly Inline[]): number {
  const texts = cell.map((one) => (typeof one === 'string' ? one : (Object.values(one)[0] ?? '')));
  return terminalLine(texts.join('')).length;
}

function inline(text: Text): Markup[] {
  return (typeof text === 'string' ? [text] : text).map(piece);
}

function piece(one: Inline): Markup {
  if (typeof one === 'string') return markup`${one}`;
  if ('code' in one) return markup`<code>${one.code}</code>`;
  if ('strong' in one) return markup`<strong>${one.strong}</strong>`;
  return markup`<span class="tag ${one.tone}">${one.tag}</span>`;
}
