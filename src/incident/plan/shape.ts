import type { Form } from './forms.ts';

/**
 * What a file must look like, as data: one description from which the reader and the JSON Schema are made, so that what an
 * editor accepts and what the program accepts are the same.
 */
export type Shape = TextShape | NumberShape | FlagShape | ListShape | ObjectShape;

export interface TextShape {
  readonly kind: 'text';
  readonly form?: Form;
  /** The only words that it may be. */
  readonly choices?: readonly string[];
}

/** A whole number. */
export interface NumberShape {
  readonly kind: 'number';
  readonly least: number;
  readonly most: number;
}

/** True or false. */
export interface FlagShape {
  readonly kind: 'flag';
}

/** Entries that a list may have: nobody reads more, and looking each up among the others stays cheap. */
export const mostItems = 2000;

export interface ListShape {
  readonly kind: 'list';
  readonly of: Shape;
  readonly least?: number;
  /** Items have an `id`, which no two of them share. */
  readonly ids?: true;
  /** An item that is wrong is left out, and the rest of the list stands. */
  readonly lenient?: true;
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly members: Readonly<Record<string, Member>>;
  /** Exactly one of these members is there. */
  readonly oneOf?: readonly string[];
  /** One of these members is there at least. */
  readonly anyOf?: readonly string[];
  /** All of these members are there, or none. */
  readonly together?: readonly string[];
  /** A member that is wrong is left out, and the rest of the object stands. */
  readonly lenient?: true;
  /** What is wrong with members that are each right; undefined when nothing is. */
  readonly rule?: (value: Readonly<Record<string, unknown>>) => string | undefined;
}

export interface Member {
  readonly shape: Shape;
  /** One line that an editor shows. */
  readonly about: string;
  readonly required: boolean;
  /** The object can be used without it, though it must be there. */
  readonly dispensable?: true;
  /** A list that counts as empty when it is missing. */
  readonly empty?: true;
}
