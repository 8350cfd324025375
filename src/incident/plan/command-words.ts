/** What may be filled into the command of a playbook step. */
export const placeholders = ['pod', 'namespace', 'node', 'case'] as const;
export type Placeholder = (typeof placeholders)[number];

/** What placeholders are filled with. */
export type Filling = Readonly<Partial<Record<Placeholder, string>>>;

/**
 * The words of a step's command line, or what is wrong with it in one sentence. Words stand between spaces; single quotes
 * keep what is between them, double quotes too but for `\"` and `\\`, and a backslash keeps the character after it. Nothing
 * else has a meaning: no variables, no patterns, no operators, since no shell ever sees it.
 */
export function splitWords(line: string): readonly string[] | string {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== '') {
    const word = /^(?:[^\s'"\\]|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\[\s\S])+/.exec(rest)?.[0];
    if (word === undefined) return `a quotation mark or backslash at "${rest.slice(0, 20)}" has no end`;
    const after = rest.slice(word.length);
    if (after !== '' && !/^\s/.test(after))
      return `a quotation mark or backslash at "${after.slice(0, 20)}" has no end`;
    words.push(unquoted(word));
    rest = after.trimStart();
  }
  return words;
}

function unquoted(word: string): string {
  return word.replace(
    /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/g,
    (_whole, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? '',
  );
}

const pattern = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** The placeholders in a command, each once, in order; those that nothing is known of too. */
export function placeholdersIn(words: readonly string[]): readonly string[] {
  return [...new Set(words.flatMap((word) => [...word.matchAll(pattern)].map(([, name = '']) => name)))];
}

/** The words with everything filled in that is known: each stays one word, whatever is put into it. */
export function fillWords(words: readonly string[], filling: Filling): string[] {
  const known = new Map<string, string | undefined>(placeholders.map((name) => [name, filling[name]]));
  return words.map((word) => word.replace(pattern, (whole, name: string) => known.get(name) ?? whole));
}

/** A command as a person could type it: what is not plain stands between single quotes. */
export function commandText(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./{}-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
