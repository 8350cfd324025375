import { CORE_SCHEMA, load } from 'js-yaml';
import { isObject } from '../../output/is-object.ts';
import { isOf } from './forms.ts';
import { planShape } from './plan-shape.ts';
import type { Plan } from './plan.ts';
import { type ListShape, mostItems, type ObjectShape, type Shape } from './shape.ts';
import { togetherProblem } from './together.ts';

/** What begins an anchor or an alias, and much that does not. */
const perhapsAlias = /(?:^|[\s[\]{},:-])[&*]\S/;

/**
 * The plan of a text in which nothing is wrong, in a third of the time that `readPlan` takes, which is what a person who
 * waits for a phone number notices. Undefined for any other text, and for one with aliases: `readPlan` has it then, and says
 * what is wrong and where.
 */
export function soundPlan(text: string): Plan | undefined {
  if (perhapsAlias.test(text)) return undefined;
  let value: unknown;
  try {
    value = load(text, { schema: CORE_SCHEMA });
  } catch {
    return undefined;
  }
  // As in `readPlan`: the shape says of the text what the type says of the value.
  return sound(value, planShape) as Plan | undefined;
}

/** The value with lists that may be missing; undefined when anything of it is not of the shape. */
function sound(value: unknown, shape: Shape): unknown {
  switch (shape.kind) {
    case 'flag':
      return typeof value === 'boolean' ? value : undefined;
    case 'number':
      return Number.isInteger(value) && Number(value) >= shape.least && Number(value) <= shape.most
        ? value
        : undefined;
    case 'text': {
      const { choices, form } = shape;
      const fits =
        typeof value === 'string' &&
        choices?.includes(value) !== false &&
        (form === undefined || isOf(form, value));
      return fits ? value : undefined;
    }
    case 'list':
      return Array.isArray(value) ? soundList(value, shape) : undefined;
    case 'object':
      return isObject(value) ? soundObject(new Map(Object.entries(value)), shape) : undefined;
  }
}

function soundList(items: readonly unknown[], { of, least = 0, ids }: ListShape): unknown {
  if (items.length > mostItems) return undefined;
  const sounds = items.map((item) => sound(item, of));
  const different = new Set(sounds.map((item) => (item as { readonly id?: string } | undefined)?.id));
  if (items.length < least || sounds.includes(undefined)) return undefined;
  return ids === true && different.size < items.length ? undefined : sounds;
}

function soundObject(members: ReadonlyMap<string, unknown>, shape: ObjectShape): unknown {
  const value: Record<string, unknown> = {};
  for (const [name, member] of members) {
    const known = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined;
    if (known === undefined) return undefined;
    value[name] = sound(member, known.shape);
    if (value[name] === undefined) return undefined;
  }
  for (const [name, { required, empty }] of Object.entries(shape.members)) {
    if (members.has(name)) continue;
    if (required) return undefined;
    if (empty === true) value[name] = [];
  }
  return (togetherProblem(shape, members) ?? shape.rule?.(value)) ? undefined : value;
}
