import type { Figure } from './figure.ts';
import type { Tone } from './tone.ts';

/** A piece of a line. All strings are plain text: only the renderers know markup, and they escape. */
export type Inline =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  | { readonly tag: string; readonly tone: Tone };
export type Text = string | readonly Inline[];

export interface Table {
  readonly kind: 'table';
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Text[])[];
}

export type Block =
  | Table
  | { readonly kind: 'text'; readonly text: Text }
  | { readonly kind: 'note'; readonly text: Text }
  | { readonly kind: 'heading'; readonly text: Text }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [string, Text])[] }
  | { readonly kind: 'commands'; readonly lines: readonly string[] }
  | { readonly kind: 'verdict'; readonly word: string; readonly tone: Tone; readonly text: Text }
  | { readonly kind: 'figure'; readonly figure: Figure };

export interface Section {
  /** Anchor; letters and dashes. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A report on its way to paper: what is said in which order, without how it looks. */
export interface Document {
  readonly title: string;
  readonly subtitle: string;
  readonly facts: readonly (readonly [string, Text])[];
  readonly sections: readonly Section[];
}

/** A paragraph. */
export function paragraph(text: Text): Block {
  return { kind: 'text', text };
}

/** A paragraph in the margin's voice: what limits what was said. */
export function note(text: Text): Block {
  return { kind: 'note', text };
}

export function heading(text: Text): Block {
  return { kind: 'heading', text };
}

export function list(items: readonly Text[]): Block {
  return { kind: 'list', items };
}

/** Names and values; those without a value are left out. */
export function facts(rows: readonly (readonly [string, Text | undefined])[]): Block {
  return {
    kind: 'facts',
    rows: rows.flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, value] as const],
    ),
  };
}

export function commands(lines: readonly string[]): Block {
  return { kind: 'commands', lines };
}

export function figure(one: Figure): Block {
  return { kind: 'figure', figure: one };
}

export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Text[])[],
): Table {
  return { kind: 'table', caption, columns, rows };
}
