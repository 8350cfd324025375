import type { Block, Document, Inline, Table, Text } from '../document.ts';
import { Marked, marked } from './escape.ts';

/** A document as Markdown (CommonMark with GitHub's tables), piece by piece. */
export function* markdownPage({ title, subtitle, facts, sections }: Document): Generator<string, void> {
  yield `${marked`# ${title}: ${subtitle}`.toString()}\n`;
  yield `\n${factsText(facts)}\n`;
  for (const section of sections) {
    yield `\n${marked`## ${section.title}`.toString()}\n`;
    for (const block of section.blocks) yield `\n${blockText(block)}\n`;
  }
  yield '\nAll times are UTC. Text of the evidence is shown with characters that cannot be seen as \\\\xNN.\n';
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
    case 'note':
      return inline(block.text).toString();
    case 'heading':
      return marked`### ${inline(block.text)}`.toString();
    case 'list':
      return block.items.map((item) => marked`- ${inline(item)}`.toString()).join('\n');
    case 'facts':
      return factsText(block.rows);
    case 'commands':
      return block.lines.map((line) => marked`- ${Marked.code(line)}`.toString()).join('\n');
    case 'verdict':
      return marked`**${block.word}** ${inline(block.text)}`.toString();
    case 'table':
      return tableText(block);
    case 'figure':
      return marked`${block.figure.title}. ${block.figure.description}`.toString();
  }
}

function factsText(rows: readonly (readonly [string, Text])[]): string {
  return rows.map(([name, value]) => marked`- ${name}: ${inline(value)}`.toString()).join('\n');
}

function tableText({ caption, columns, rows }: Table): string {
  const row = (cells: readonly Marked[]): string => `| ${cells.join(' | ')} |`;
  return [
    marked`${caption}:`.toString(),
    '',
    row(columns.map((name) => marked`${name}`)),
    row(columns.map(() => marked`---`)),
    ...rows.map((cells) => row(cells.map((cell) => inline(cell, true)))),
  ].join('\n');
}

function inline(text: Text, inCell = false): Marked {
  const pieces = (typeof text === 'string' ? [text] : text).map((one) => piece(one, inCell));
  return pieces.reduce((before, one) => marked`${before}${one}`, marked``);
}

function piece(one: Inline, inCell: boolean): Marked {
  if (typeof one === 'string') return marked`${one}`;
  if ('code' in one) return Marked.code(one.code, inCell);
  if ('strong' in one) return marked`**${one.strong.trim()}**`;
  return marked`**${one.tag}**`;
}
