/** A number of things in words: `1 act`, `2 acts`; `many` is for a plural that takes no s. */
export function formatCount(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
