import { findKind } from '../../../src/artifacts/kinds.ts';
import { isMalformed } from '../../../src/artifacts/lines.ts';

/** The cells of each record of a kind, as a table has them. */
export function cellsOf(name: string, records: Iterable<object>): string[][] {
  const kind = findKind(name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return [...records]
    .filter((record) => !isMalformed(record))
    .flatMap((record) => [...(kind.rows?.(record) ?? [record])])
    .map((record) => kind.columns.map((column) => column.text(record)));
}
