/** The first ones of something, how many there are, and the command that shows all of them. */
export interface Excerpt<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly command: string;
}

/** The first of many. */
export function excerpt<T>(all: readonly T[], most: number, command: string): Excerpt<T> {
  return { items: all.slice(0, most), total: all.length, command };
}

/** What is said behind a list that does not have all; undefined when it has. `what` is a plural. */
export function restOf({ items, total, command }: Excerpt<unknown>, what: string): string | undefined {
  if (items.length >= total) return undefined;
  return `The first ${items.length} of ${total} ${what}; all of them: ${command}`;
}
