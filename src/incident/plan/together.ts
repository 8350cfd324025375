import type { ObjectShape } from './shape.ts';

/** What is wrong with which members of an object are there, or undefined. */
export function togetherProblem(
  shape: ObjectShape,
  there: { has(key: string): boolean },
): string | undefined {
  const { oneOf, anyOf, together } = shape;
  const of = (keys: readonly string[]): string[] => keys.filter((key) => there.has(key));
  if (anyOf !== undefined && of(anyOf).length === 0) return `needs one of ${anyOf.join(', ')}`;
  if (oneOf !== undefined && of(oneOf).length !== 1)
    return of(oneOf).length === 0
      ? `needs one of ${oneOf.join(', ')}`
      : `has ${of(oneOf).join(' and ')}; it needs one alone`;
  if (together !== undefined && ![0, together.length].includes(of(together).length))
    return `has ${of(together).join(' and ')}; ${together.join(' and ')} go together`;
  return undefined;
}
