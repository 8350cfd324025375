import { terminalLine } from '../../../output/line.ts';

/** What may stand in a template: text, which is escaped, and markup, which only `markup` makes. */
export type Value = string | number | Markup | readonly Markup[];

/** Text that is HTML (or SVG within it). Only `markup` makes one, so none was put together from evidence by hand. */
export class Markup {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** Its template is trusted, its values are not. */
  static of(strings: TemplateStringsArray, values: readonly Value[]): Markup {
    return new Markup(
      strings.map((literal, i) => (i === 0 ? '' : Markup.#textOf(values[i - 1] ?? '')) + literal).join(''),
    );
  }

  static #textOf(value: Value): string {
    if (value instanceof Markup) return value.#text;
    if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
    return value.map((one) => one.#text).join('');
  }

  toString(): string {
    return this.#text;
  }
}

/**
 * HTML from a template. Every value is escaped for text and for attributes in double quotes, where alone values may stand;
 * characters that nobody sees or that turn the text around are shown as `\xNN`.
 */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return Markup.of(strings, values);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** HTML Standard, 13.1.2.3 and 13.1.4: what may not stand as it is in text or in an attribute in quotes. */
function escapeHtml(text: string): string {
  return terminalLine(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
