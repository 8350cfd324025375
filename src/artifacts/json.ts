import { isObject } from '../output/is-object.ts';

/** An object of JSON whose members are anything. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that JSON text holds; undefined when it is no JSON or something else. */
export function jsonObject(bytes: Buffer | string): JsonObject | undefined {
  const text = bytes.toString();
  // An exception takes a hundred times as long as a short line: of lines that are no objects there may be millions.
  if (!/^[ \t\r\n]*\{/.test(text)) return undefined;
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The same, with whole numbers above 2^53, which a double does not hold, as bigint. */
export function exactJsonObject(bytes: Buffer | string): JsonObject | undefined {
  const exact = (_: string, value: unknown, { source = '' }: { readonly source?: string } = {}): unknown =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?[0-9]{1,40}$/.test(source)
      ? BigInt(source)
      : value;
  try {
    return objectOf(JSON.parse(bytes.toString(), exact));
  } catch {
    return undefined;
  }
}

/** A member that is an object; so are the next ones, each of its type. */
export function objectOf(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The objects of a list; what else stands in it is left out. */
export function objectsOf(value: unknown): JsonObject[] {
  return listOf(value)
    .map(objectOf)
    .filter((one) => one !== undefined);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function textsOf(value: unknown): string[] {
  return listOf(value).filter((one) => typeof one === 'string');
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function booleanOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** What JSON text holds, of any type; undefined when it is no JSON. */
export function jsonValue(bytes: Buffer | string): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

/** The texts of an object by their names, such as labels; other values are left out. */
export function labelsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(objectOf(value) ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

/** An object without some of its members. */
export function membersBut(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}
