import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { undoCommand } from '../../src/containment/isolation.ts';
import { ContainmentLab, holdingNode } from './containment-lab.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

/** Paths of members that the schema does not know, or demands and does not find. */
function differences(value: unknown, schema: Schema, path: string): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((one, index) => differences(one, schema.items ?? {}, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null) return [];
  const members = Object.entries(value);
  const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${path}.${name} is missing`),
    ...members.flatMap(([name, one]) => {
      const known = schema.properties?.[name];
      return known === undefined
        ? [`${path}.${name} is unknown`]
        : differences(one, known, `${path}.${name}`);
    }),
  ];
}

describe('Isolation', () => {
  it('has the members that the published schema has', async () => {
    const lab = await ContainmentLab.start();
    try {
      const isolation = await lab.isolate(holdingNode().collector);
      const schema = JSON.parse(readFileSync('schema/isolation.json', 'utf8')) as Schema;
      expect(differences(isolation, schema, '$')).to.deep.equal([]);
    } finally {
      await lab.close();
    }
  });

  it('names the command that undoes it', () => {
    expect(undoCommand({ namespace: 'prod', name: 'web' })).to.equal('kubectl ir release web -n prod');
  });
});
