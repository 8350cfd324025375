/**
 * What may follow the words `before` according to a usage line: placeholders such as `POD` and `pod/NAME`, and literal words such
 * as `node`. In a usage line, `|` separates alternatives, a flag ends one, and `...` repeats the last word.
 */
export function usageWords(usage: string, before: readonly string[]): string[] {
  const ways = usage
    .replaceAll(/\[flags\]|[[\]]/g, '')
    .replaceAll(' ...', '...')
    .split('|')
    .map((way) => untilFlag(way.split(' ').filter(Boolean)))
    .filter((way) => before.every((word, i) => fits(wordAt(way, i), word)));
  return [...new Set(ways.flatMap((way) => wordAt(way, before.length) ?? []))];
}

/** True for a word of a usage line that is typed as it stands there. */
export function isLiteral(word: string): boolean {
  return /^[a-z-]+$/.test(word);
}

function untilFlag(way: readonly string[]): readonly string[] {
  const flag = way.findIndex((word) => word.startsWith('-'));
  return flag < 0 ? way : way.slice(0, flag);
}

function wordAt(way: readonly string[], index: number): string | undefined {
  const last = way.at(-1);
  const word = index >= way.length && last?.endsWith('...') === true ? last : way[index];
  return word?.replace(/\.\.\.$/, '');
}

function fits(place: string | undefined, word: string): boolean {
  return place !== undefined && (!isLiteral(place) || place === word);
}
