import type { Kind } from '../artifacts/kind.ts';
import { isMalformed } from '../artifacts/lines.ts';
import { plainRecord } from '../artifacts/plain.ts';
import type { Exhibit } from '../evidence/exhibits.ts';
import { type Io, writeChunk, writeLine } from '../output/io.ts';
import { formatData } from '../output/printer.ts';
import { renderTable } from '../output/table.ts';

export type ExhibitFormat = 'table' | 'wide' | 'json' | 'yaml';

/** Rows of a table that are laid out at once: what comes later may have other widths, so that nothing is held whole. */
const rowsAtOnce = 1000;

/**
 * Prints records as they come. `several` puts the acquisition before each row of a table. Returns how many were printed;
 * a table leaves out what is no record, JSON has it as `malformed`.
 */
export function printExhibits(
  io: Io,
  kind: Kind,
  exhibits: AsyncIterable<Exhibit>,
  format: ExhibitFormat,
  several: boolean,
): Promise<number> {
  return format === 'table' || format === 'wide'
    ? printTable(io, kind, exhibits, format === 'wide', several)
    : printList(io, kind, exhibits, format);
}

async function printTable(
  io: Io,
  kind: Kind,
  exhibits: AsyncIterable<Exhibit>,
  wide: boolean,
  several: boolean,
): Promise<number> {
  const columns = kind.columns.filter((column) => wide || column.wide !== true);
  const headers = [
    ...(several ? ['ACQUISITION'] : []),
    ...columns.map(({ header }) => header),
    ...(wide ? ['ITEM'] : []),
  ];
  let rows: string[][] = [];
  let count = 0;
  const flush = async (): Promise<void> => {
    if (rows.length === 0) return;
    const text = renderTable(headers, rows);
    await writeLine(io.stdout, count > rows.length ? text.slice(text.indexOf('\n') + 1) : text);
    rows = [];
  };
  for await (const { acquisition, item, items = [item], record } of exhibits) {
    if (isMalformed(record)) continue;
    const cells = columns.map((column) => column.text(record));
    const names = items.map((one) => one?.name ?? '-').join(' ');
    rows.push([...(several ? [acquisition] : []), ...cells, ...(wide ? [names] : [])]);
    count += 1;
    if (rows.length === rowsAtOnce) await flush();
  }
  await flush();
  return count;
}

/** One document whose `items` are written one by one. */
async function printList(
  io: Io,
  kind: Kind,
  exhibits: AsyncIterable<Exhibit>,
  format: 'json' | 'yaml',
): Promise<number> {
  const head = { apiVersion: 'kubectl-ir/v1', kind: 'ExhibitList', of: kind.name };
  const opening = await formatData(head, format);
  await writeChunk(
    io.stdout,
    format === 'json' ? opening.replace(/\n\}\n$/, ',\n  "items": [') : `${opening}items:`,
  );
  let count = 0;
  for await (const { record, ...where } of exhibits) {
    const text = await formatData([{ ...plainRecord(record), ...where }], format);
    if (format === 'json') {
      const lines = text.split('\n').slice(1, -2);
      await writeChunk(
        io.stdout,
        `${count === 0 ? '' : ','}\n${lines.map((line) => `  ${line}`).join('\n')}`,
      );
    } else await writeChunk(io.stdout, `\n${text.trimEnd()}`);
    count += 1;
  }
  const closing = format === 'json' ? (count === 0 ? ']\n}\n' : '\n  ]\n}\n') : count === 0 ? ' []\n' : '\n';
  await writeChunk(io.stdout, closing);
  return count;
}
