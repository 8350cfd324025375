import { expect } from 'chai';
import { checkReach, peopleOf } from '../../../../src/incident/plan/checks/contacts.ts';
import { readPlan } from '../../../../src/incident/plan/read-plan.ts';
import { exampleText, mutated } from '../plan-lab.ts';

function planOf(text: string): NonNullable<ReturnType<typeof readPlan>['plan']> {
  const { plan } = readPlan(text, 'x');
  if (plan === undefined) throw new Error('no plan');
  return plan;
}

describe('peopleOf', () => {
  it('follows references to people, each once', () => {
    const plan = planOf(exampleText);
    expect(peopleOf(plan, 'person/ben')).to.deep.equal(['ben']);
    expect(peopleOf(plan, 'team/compliance')).to.deep.equal(['liam', 'katya']);
    expect(peopleOf(plan, 'rota/infrastructure')).to.deep.equal(['amara', 'ben', 'farid', 'grace']);
    expect(peopleOf(plan, 'area/network')).to.deep.equal(['amara', 'ben', 'farid', 'grace']);
    expect(peopleOf(plan, 'person/nobody')).to.deep.equal([]);
  });

  it('ends where areas name each other', () => {
    const plan = planOf(
      mutated(
        /primary: person\/amara\n {4}deputies: .*/,
        'primary: area/network\n    deputies: [area/network]',
      ),
    );
    expect(peopleOf(plan, 'area/network')).to.deep.equal([]);
  });
});

describe('checkReach', () => {
  it('tells of somebody whom nothing says how to reach', () => {
    const plan = planOf(mutated(/reach:\n.*\n.*'@hugh' \}\n/, 'reach: []\n'));
    expect(checkReach(plan)).to.deep.equal([
      {
        path: ['people', 'hugh', 'reach'],
        rule: 'no-way',
        message: 'nothing says how to reach Hugh Carrow',
        severity: 'error',
      },
    ]);
  });
});
