import { expect } from 'chai';
import { planShape } from '../../../src/incident/plan/plan-shape.ts';
import { readPlan } from '../../../src/incident/plan/read-plan.ts';
import type { Member, Shape } from '../../../src/incident/plan/shape.ts';
import { exampleText } from './plan-lab.ts';

/** Names of all members, such as `people.reach.by`. */
function* names(shape: Shape, at: string): Generator<readonly [string, Member]> {
  if (shape.kind === 'list') yield* names(shape.of, at);
  if (shape.kind !== 'object') return;
  for (const [name, member] of Object.entries(shape.members)) {
    yield [`${at}${name}`, member];
    yield* names(member.shape, `${at}${name}.`);
  }
}

/** The same names of a value that was read. */
function* found(value: unknown, at: string): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* found(item, at);
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value)) {
      yield `${at}${name}`;
      yield* found(member, `${at}${name}.`);
    }
}

describe('planShape', () => {
  it('says of every member what it is for, in one line', () => {
    for (const [name, { about }] of names(planShape, ''))
      expect(about, name).to.match(/^\S[^\n]{2,110}[^\s.]$/);
  });

  it('is shown by the example, but for what a plan seldom needs', () => {
    const shown = new Set(found(readPlan(exampleText, 'x').plan, ''));
    const hidden = Array.from(names(planShape, ''), ([name]) => name).filter((name) => !shown.has(name));
    expect(hidden).to.deep.equal([
      'rotas.layers.days',
      'rotas.layers.from',
      'rotas.layers.to',
      'rotas.calendar',
      'webhook.template',
    ]);
  });
});
