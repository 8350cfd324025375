import { planShape } from './plan-shape.ts';
import { mostItems, type ObjectShape, type Shape } from './shape.ts';

type Schema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema (draft 2020-12) of `ir-plan.yaml`, made of the shape that the reader goes by; published as schema/plan.json.
 * What a schema cannot say, such as an id twice or a day that no calendar has, only the reader tells.
 */
export function planSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'kubectl-ir/v1/plan.json',
    title: 'Plan',
    description: 'ir-plan.yaml: how an organisation prepares for incidents; see docs/plan.md.',
    ...schemaOf(planShape),
  };
}

function schemaOf(shape: Shape): Schema {
  switch (shape.kind) {
    case 'text':
      if (shape.choices !== undefined) return { enum: shape.choices };
      return { type: 'string', ...(shape.form === undefined ? {} : { pattern: shape.form.pattern.source }) };
    case 'number':
      return { type: 'integer', minimum: shape.least, maximum: shape.most };
    case 'flag':
      return { type: 'boolean' };
    case 'list':
      return {
        type: 'array',
        items: schemaOf(shape.of),
        ...(shape.least === undefined ? {} : { minItems: shape.least }),
        maxItems: mostItems,
      };
    case 'object':
      return objectSchema(shape);
  }
}

function objectSchema({ members, oneOf, anyOf, together }: ObjectShape): Schema {
  const all = Object.entries(members);
  const required = all.filter(([, member]) => member.required).map(([name]) => name);
  const each = (names: readonly string[]): Schema[] => names.map((name) => ({ required: [name] }));
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
    ...(oneOf === undefined ? {} : { oneOf: each(oneOf) }),
    ...(anyOf === undefined ? {} : { anyOf: each(anyOf) }),
    ...(together === undefined
      ? {}
      : {
          dependentRequired: Object.fromEntries(
            together.map((name) => [name, together.filter((other) => other !== name)]),
          ),
        }),
    properties: Object.fromEntries(
      all.map(([name, { about, shape }]) => [name, { description: about, ...schemaOf(shape) }]),
    ),
  };
}
