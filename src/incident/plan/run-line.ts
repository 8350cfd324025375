/** What a run step of a playbook may leave to be filled in. */
export const placeholders = ['pod', 'namespace', 'node', 'case'] as const;

/**
 * The words of a run step. Blanks part them, quotes of either kind keep them together; there are no backslashes, variables
 * or pipes: no shell ever sees the line. Undefined when a quote is not closed.
 */
export function splitLine(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (const character of line) {
    if (quote !== '') {
      if (character === quote) quote = '';
      else word = `${word ?? ''}${character}`;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = `${word ?? ''}${character}`;
  }
  if (word !== undefined) words.push(word);
  return quote === '' ? words : undefined;
}

/** Names between double braces, in their order. */
export function placeholdersOf(text: string): string[] {
  return Array.from(text.matchAll(/\{\{([^{}]*)\}\}/g), ([, name = '']) => name.trim());
}
