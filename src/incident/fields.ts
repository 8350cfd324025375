import { isObject } from '../output/is-object.ts';

/** Members of somebody's JSON object, of whatever types. */
export type Fields = Readonly<Record<string, unknown>>;

/** True for one of a closed list of words. */
export function isOneOf<T extends string>(words: readonly T[], value: unknown): value is T {
  return (words as readonly unknown[]).includes(value);
}

/** True for a list of such words. */
export function areOneOf<T extends string>(
  words: readonly T[],
  values: readonly unknown[],
): values is readonly T[] {
  return values.every((value) => isOneOf(words, value));
}

/** Those of the named members that are there, all of them texts; undefined when one is something else. */
export function optional<K extends string>(
  fields: Fields,
  ...names: K[]
): Partial<Record<K, string>> | undefined {
  return picked(fields, names, (value) => typeof value === 'string');
}

/** The same for finite numbers. */
export function optionalNumber<K extends string>(
  fields: Fields,
  ...names: K[]
): Partial<Record<K, number>> | undefined {
  return picked(fields, names, (value) => typeof value === 'number' && Number.isFinite(value));
}

/** The same for lists of texts. */
export function optionalTexts<K extends string>(
  fields: Fields,
  ...names: K[]
): Partial<Record<K, readonly string[]>> | undefined {
  return picked(fields, names, areTexts);
}

/** The same for objects whose members are all texts. */
export function optionalTable<K extends string>(
  fields: Fields,
  ...names: K[]
): Partial<Record<K, Readonly<Record<string, string>>>> | undefined {
  return picked(fields, names, (value) => isObject(value) && areTexts(Object.values(value)));
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((member) => typeof member === 'string');
}

function picked<K extends string, T>(
  fields: Fields,
  names: readonly K[],
  isRight: (value: unknown) => boolean,
): Partial<Record<K, T>> | undefined {
  const found: Partial<Record<K, T>> = {};
  for (const name of names) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value === undefined) continue;
    if (!isRight(value)) return undefined;
    found[name] = value as T;
  }
  return found;
}
