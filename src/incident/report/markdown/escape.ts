import { terminalLine } from '../../../output/line.ts';

/** Text that is Markdown. Only `marked` and `codeSpan` make one. */
export class Marked {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  static of(strings: TemplateStringsArray, values: readonly (string | Marked)[]): Marked {
    const texts = values.map((value) => (typeof value === 'string' ? escapeMarkdown(value) : value.#text));
    return new Marked(strings.map((literal, i) => (i === 0 ? '' : (texts[i - 1] ?? '')) + literal).join(''));
  }

  /**
   * A code span (CommonMark 0.31, 6.1) with any backticks: the fence is longer than each run of them. In a cell of a table
   * what has a `|` is plain text, since cells are cut before anything in them is read.
   */
  static code(text: string, inCell = false): Marked {
    const shown = terminalLine(text);
    if (shown.trim() === '') return new Marked('\\-');
    if (inCell && shown.includes('|')) return marked`${shown}`;
    const longest = Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length));
    const fence = '`'.repeat(longest + 1);
    const pad = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
    return new Marked(`${fence}${pad}${shown}${pad}${fence}`);
  }

  toString(): string {
    return this.#text;
  }
}

/** Markdown from a template whose values are escaped. */
export function marked(strings: TemplateStringsArray, ...values: readonly (string | Marked)[]): Marked {
  return Marked.of(strings, values);
}

/**
 * Text without any meaning in Markdown: whatever opens emphasis, code, links, HTML, entities or a cell is escaped, addresses
 * are not made links, and no line begins as a list, a heading or a block of code.
 */
function escapeMarkdown(text: string): string {
  return terminalLine(text)
    .replace(/[\\`*_[\]<>|~&$]/g, '\\$&')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\b(www)\./gi, '$1\\.')
    .replace(/^ +| +$/g, ' ')
    .replace(/^( ?)([-+=#])/, '$1\\$2')
    .replace(/^( ?[0-9]+)([.)])/, '$1\\$2');
}
