/** A share of a list, such as `2/4`: every fourth, from the second on. Undefined when it names none. */
export function partOf<T>(all: readonly T[], part: string): T[] | undefined {
  const [, one, of] = /^(\d+)\/(\d+)$/.exec(part)?.map(Number) ?? [];
  if (one === undefined || of === undefined || one < 1 || one > of) return undefined;
  return all.filter((_, i) => i % of === one - 1);
}
