import { escapeForTerminal } from '../output/escape.ts';
import type { ParserName } from './artifact.ts';

/** One column of a table of records. */
export interface Column<R> {
  readonly header: string;
  text(record: R): string;
  /** Only where the table may be wide. */
  readonly wide?: boolean;
}

/** One sort of record that a case can show: what of the catalogue it is made of, and its columns. */
export interface Kind {
  /** As typed. */
  readonly name: string;
  readonly summary: string;
  readonly parsers: readonly ParserName[];
  readonly columns: readonly Column<object>[];
  /** Records of its parsers that are not of this kind give nothing; a record may give several. Without it each gives itself. */
  readonly rows?: (record: object) => Iterable<object>;
  /** Where one row is made of the records of several items. */
  readonly join?: Join;
}

/** Which records belong together, and what they make. */
export interface Join {
  /** What an item is about, by its name; undefined for lists of many. */
  ofItem(name: Buffer): string | undefined;
  /** What a record of such a list is about, in the same words. */
  ofRecord(record: object): string;
  /** `files`: items of which it alone is told, whether they could be read or not. */
  row(of: string, records: readonly object[], files: number): object;
}

/** A kind whose records are of one type; the type is forgotten for the list of all. */
export function kind<R extends object>(
  name: string,
  summary: string,
  parsers: readonly ParserName[],
  columns: Readonly<Record<string, (record: R) => Cell>>,
  more: {
    readonly wide?: readonly string[];
    readonly rows?: (record: object) => Iterable<R>;
    readonly join?: Join;
  } = {},
): Kind {
  const { wide = [], rows, join } = more;
  return {
    name,
    summary,
    parsers,
    columns: Object.entries(columns).map(([header, text]) => ({
      header,
      text: (record) => cellText(text(record as R)),
      ...(wide.includes(header) ? { wide: true } : {}),
    })),
    ...(rows === undefined ? {} : { rows }),
    ...(join === undefined ? {} : { join }),
  };
}

/** What stands in a cell; `-` for nothing. */
export type Cell = string | number | bigint | Buffer | readonly (string | Buffer)[] | undefined;

const longestCell = 200;

function cellText(cell: Cell): string {
  const text = Array.isArray(cell)
    ? cell.map((part: string | Buffer) => escaped(part)).join(' ')
    : escaped(cell as Exclude<Cell, readonly unknown[]>);
  if (text === '') return '-';
  return text.length > longestCell ? `${text.slice(0, longestCell)}...` : text;
}

function escaped(cell: string | number | bigint | Buffer | undefined): string {
  if (cell === undefined) return '';
  // What is longer is cut anyway; a log line may have megabytes.
  return Buffer.isBuffer(cell)
    ? escapeForTerminal(cell.subarray(0, 4 * longestCell))
    : String(cell).slice(0, 4 * longestCell);
}
