import Table from 'cli-table3';
import { terminalLine } from './line.ts';

const borders = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left',
  'left-mid',
  'mid',
  'mid-mid',
  'right',
  'right-mid',
] as const;

const gutter = '   ';
/** As wide as it is long. */
const ascii = /^[ -~]*$/;

/**
 * A table as kubectl prints it: upper-case headers, three-space gutters, no borders, nothing after the last column.
 * Cells are made safe for the terminal; each row is one line. The text ends without a newline.
 */
export function renderTable(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headers, ...rows].map((row) => safe(row, headers.length));
  const widths = headers.map((_, column) => widest(cells, column));
  return cells.map((row) => layOut(row, widths)).join('\n');
}

/** The same table line by line, for more rows than memory should hold: `rows` is read twice, first for the widths. */
export async function* tableLines(
  headers: readonly string[],
  rows: () => AsyncIterable<readonly string[]>,
): AsyncGenerator<string, void> {
  let widths = headers.map(widthBound);
  for await (const row of rows()) {
    const cells = safe(row, headers.length);
    widths = widths.map((width, column) => Math.max(width, widthBound(cells[column] ?? '')));
  }
  yield layOut(headers, widths);
  for await (const row of rows()) yield layOut(safe(row, headers.length), widths);
}

function safe(row: readonly string[], columns: number): string[] {
  return Array.from({ length: columns }, (_, column) => terminalLine(row[column] ?? ''));
}

/** One line; what is not plain goes through the library, which is too slow for a hundred thousand lines that are. */
function layOut(cells: readonly string[], colWidths: number[]): string {
  if (cells.every((cell) => ascii.test(cell)))
    return cells
      .map((cell, column) => cell.padEnd(colWidths[column] ?? 0))
      .join(gutter)
      .trimEnd();
  const table = new Table({
    chars: { ...Object.fromEntries(borders.map((name) => [name, ''])), middle: gutter },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colWidths,
  });
  table.push([...cells]);
  return table.toString().trimEnd();
}

function widest(cells: readonly (readonly string[])[], column: number): number {
  return cells.reduce((width, row) => Math.max(width, widthBound(row[column] ?? '')), 0);
}

/** Columns a text takes at most: nothing below U+1100 (Hangul Jamo) is wide. Too small a width would cut the cell. */
function widthBound(text: string): number {
  if (ascii.test(text)) return text.length;
  return Array.from(text, (character) => ((character.codePointAt(0) ?? 0) < 0x1100 ? 1 : 2)).reduce<number>(
    (sum, width) => sum + width,
    0,
  );
}
