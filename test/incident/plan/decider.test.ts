import { expect } from 'chai';
import { decisionOn, personCalled } from '../../../src/incident/plan/decider.ts';
import type { Plan } from '../../../src/incident/plan/plan.ts';
import { readPlan } from '../../../src/incident/plan/read-plan.ts';
import { smallPlan } from '../../support/small-plan.ts';

function samplePlan(): Plan {
  const { plan, problems } = readPlan(smallPlan, 'ir-plan.yaml');
  if (plan === undefined || problems.length > 0) throw new Error(JSON.stringify(problems));
  return plan;
}

describe('who decides', () => {
  const plan = samplePlan();

  it('is what all entries of a move say', () => {
    const more = {
      ...plan,
      decisions: [...plan.decisions, { move: 'contain', by: ['person/ada'], before: ['x'] }],
    };
    expect(decisionOn(more, 'contain')).to.deep.equal({
      by: ['team/infra', 'rota/night', 'person/ada'],
      before: ['Customer support is told', 'x'],
    });
    expect(decisionOn(plan, 'review')).to.equal(undefined);
  });

  it('is a person by id, reference or name', () => {
    for (const who of ['jane', 'person/jane', 'Jane Doe', 'jane doe'])
      expect(personCalled(plan, who)?.id, who).to.equal('jane');
    for (const who of ['', 'Jane', 'team/infra', '__proto__'])
      expect(personCalled(plan, who), who).to.equal(undefined);
    const two = { ...plan, people: [...plan.people, { id: 'jane2', name: 'Jane Doe', reach: [] }] };
    expect(personCalled(two, 'Jane Doe')).to.equal(undefined);
  });
});
