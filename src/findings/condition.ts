import { BlockList, isIP } from 'node:net';
import { RE2JS } from 're2js';

/** What a field of a record is held against. */
export type Operator =
  'equals' | 'contains' | 'startsWith' | 'endsWith' | 'matches' | 'in' | 'cidr' | 'greater' | 'less';

export const operators: readonly Operator[] = [
  ...(['equals', 'contains', 'startsWith', 'endsWith', 'matches'] as const),
  ...(['in', 'cidr', 'greater', 'less'] as const),
];

/** A value of a record as JSON has it. */
export type Scalar = string | number | boolean;

/** What a record must be like. A field that is a list satisfies a test when one of its members does; one that is missing never. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly field: readonly string[]; readonly test: (value: Scalar) => boolean };

/** Text of a field that an expression is tried on; what is behind it is not looked at. */
const longestText = 64 * 1024;

/** A test of a field's values; throws RangeError, with a reason, when the operator can't work with the operand. */
export function testOf(operator: Operator, operand: Scalar | readonly Scalar[]): (value: Scalar) => boolean {
  if (Array.isArray(operand)) {
    const list = operand as readonly Scalar[];
    if (operator === 'cidr') return inNetworks(list.map(String));
    if (operator !== 'in') throw new RangeError(`${operator} takes one value, not a list`);
    const texts = new Set(list.map(String));
    return (value) => texts.has(String(value));
  }
  const one = operand as Scalar;
  const text = String(one);
  switch (operator) {
    case 'equals':
      return (value) => String(value) === text;
    case 'contains':
      return (value) => String(value).includes(text);
    case 'startsWith':
      return (value) => String(value).startsWith(text);
    case 'endsWith':
      return (value) => String(value).endsWith(text);
    case 'matches':
      return matching(text);
    case 'cidr':
      return inNetworks([text]);
    case 'in':
      throw new RangeError('in takes a list of values');
    case 'greater':
    case 'less':
      return ordered(operator, one);
  }
}

/** Whether a plain record is as a condition wants it. */
export function holds(condition: Condition, record: Readonly<Record<string, unknown>>): boolean {
  if ('all' in condition) return condition.all.every((one) => holds(one, record));
  if ('any' in condition) return condition.any.some((one) => holds(one, record));
  if ('not' in condition) return !holds(condition.not, record);
  return valuesOf(record, condition.field).some((value) => condition.test(value));
}

/** The fields that a condition asks for. */
export function fieldsOf(condition: Condition): string[][] {
  if ('all' in condition) return condition.all.flatMap(fieldsOf);
  if ('any' in condition) return condition.any.flatMap(fieldsOf);
  return 'not' in condition ? fieldsOf(condition.not) : [[...condition.field]];
}

/** The values at a path of a plain record; members of lists each for itself. */
export function valuesOf(value: unknown, path: readonly string[]): Scalar[] {
  if (Array.isArray(value)) return value.flatMap((one) => valuesOf(one, path));
  const [name, ...rest] = path;
  if (name === undefined)
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [value]
      : [];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return [];
  return valuesOf((value as Readonly<Record<string, unknown>>)[name], rest);
}

function matching(text: string): (value: Scalar) => boolean {
  let pattern: RE2JS;
  try {
    pattern = RE2JS.compile(text);
  } catch (error) {
    throw new RangeError(`no expression of RE2: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return (value) => pattern.matcher(String(value).slice(0, longestText)).find();
}

function inNetworks(texts: readonly string[]): (value: Scalar) => boolean {
  const networks = new BlockList();
  for (const text of texts) {
    const [, address = '', bits] = /^([^/]+)(?:\/([0-9]{1,3}))?$/.exec(text) ?? [];
    const version = isIP(address);
    const most = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? most : Number(bits);
    if (version === 0 || prefix > most) throw new RangeError(`"${text}" is no network such as 10.0.0.0/8`);
    networks.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
  }
  return (value) => {
    const version = isIP(String(value));
    return version !== 0 && networks.check(String(value), version === 4 ? 'ipv4' : 'ipv6');
  };
}

/** Numbers by their value, times by their moment. */
function ordered(operator: 'greater' | 'less', operand: Scalar): (value: Scalar) => boolean {
  const measure = typeof operand === 'number' ? numberOf : momentOf;
  const limit = measure(operand);
  if (Number.isNaN(limit))
    throw new RangeError(`${operator} takes a number, or a time such as 2026-11-22T04:15:00Z`);
  return operator === 'greater' ? (value) => measure(value) > limit : (value) => measure(value) < limit;
}

function numberOf(value: Scalar): number {
  return typeof value === 'number' ? value : /^-?[0-9]+$/.test(String(value)) ? Number(value) : NaN;
}

function momentOf(value: Scalar): number {
  return /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9:]+)$/.test(String(value))
    ? Date.parse(String(value))
    : NaN;
}
