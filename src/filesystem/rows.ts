/** One line of the table of a diff. */
export interface Row {
  /** 0 to 100, how much it matters. */
  readonly rank: number;
  /** RFC 3339; empty when no time is known. */
  readonly time: string;
  readonly cells: readonly string[];
}

/** Rows of several sources, each in its order already: what matters most first, then the earlier one. */
export async function* merged(sources: readonly AsyncGenerator<Row, void>[]): AsyncGenerator<Row, void> {
  const heads = await Promise.all(sources.map(async (source) => ({ source, head: await source.next() })));
  for (;;) {
    let best: { row: Row; at: (typeof heads)[number] } | undefined;
    for (const at of heads)
      if (at.head.done !== true && (best === undefined || isBefore(at.head.value, best.row)))
        best = { row: at.head.value, at };
    if (best === undefined) return;
    yield best.row;
    best.at.head = await best.at.source.next();
  }
}

/** `2026-11-22T04:12:07.112345678Z` as `11-22 04:12:07.112`. */
export function clock(time: string | undefined): string {
  return time === undefined || time.startsWith('@') ? (time ?? '-') : time.slice(5, 23).replace('T', ' ');
}

function isBefore(a: Row, b: Row): boolean {
  return a.rank !== b.rank ? a.rank > b.rank : a.time < b.time;
}
