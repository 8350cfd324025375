import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { parse } from 'yaml';
import { planSchema } from '../../../src/incident/plan/plan-schema.ts';
import { readPlan } from '../../../src/incident/plan/read-plan.ts';
import { brokenPlans } from './broken-plans.ts';
import { exampleText, mutated } from './plan-lab.ts';

const published = readFileSync(new URL('../../../schema/plan.json', import.meta.url), 'utf8');
const validate = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(
  JSON.parse(published) as object,
);

/** Rules of the reader that a schema can say; of the others only the reader knows. */
const sayable = ['unknown-key', 'missing-key', 'type', 'value'];

describe('planSchema', () => {
  it('is what is published', () => {
    expect(JSON.parse(published)).to.deep.equal(JSON.parse(JSON.stringify(planSchema())));
  });

  it('takes the example, as the reader does', () => {
    expect(validate(parse(exampleText)), JSON.stringify(validate.errors)).to.equal(true);
    expect(readPlan(exampleText, 'x').problems).to.deep.equal([]);
  });

  it('refuses what the reader refuses, but for what only the reader can know', () => {
    let compared = 0;
    for (const [name, from, to] of brokenPlans) {
      const text = mutated(from, to);
      const { problems } = readPlan(text, 'x');
      if (problems.some(({ rule }) => rule === 'yaml' || rule === 'duplicate-key')) continue;
      const told = problems.some(
        ({ rule, message }) => sayable.includes(rule) && !/calendar|time zone|a day/.test(message),
      );
      const alone = problems.some(({ message }) => /needs one alone/.test(message));
      expect(validate(parse(text)), name).to.equal(!(told || alone));
      compared += 1;
    }
    expect(compared).to.be.above(30);
  });
});
