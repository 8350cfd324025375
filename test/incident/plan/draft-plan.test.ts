import { expect } from 'chai';
import { type DraftFacts, draftPlan, idOf } from '../../../src/incident/plan/draft-plan.ts';
import { readPlan } from '../../../src/incident/plan/read-plan.ts';
import { checkText, exampleDay } from './plan-lab.ts';

const least: DraftFacts = {
  timeZone: 'Europe/Vienna',
  today: '2026-11-22',
  areas: [{ id: 'shop', name: 'Shop', namespaces: [] }],
};

describe('draftPlan', () => {
  it('gives a plan without errors, whose warnings are what is left to fill in', () => {
    const problems = checkText(draftPlan(least), { now: exampleDay });
    expect(problems.filter(({ rule }) => rule !== 'fill-in')).to.deep.equal([]);
    expect(problems.length).to.be.above(5);
    const filledIn = draftPlan(least)
      .split('\n')
      .map((line, i) => line.replace(/FILL IN: [^'"]*/g, `filled in ${i}`));
    expect(checkText(filledIn.join('\n'), { now: exampleDay })).to.deep.equal([]);
  });

  it('holds what facts say, whatever that is, as text', () => {
    const hostile = 'x"\n  - evil: {{ # \u202e\u001b[2J \u2028 \\ *a &b !!c';
    const text = draftPlan({
      ...least,
      organisation: hostile,
      first: { name: hostile, phone: hostile, chat: hostile },
      areas: [{ id: 'a', name: hostile, namespaces: [hostile], selector: hostile, owner: hostile }],
    });
    for (const character of ['\u202e', '\u001b', '\u2028']) expect(text).to.not.contain(character);
    const { plan, problems } = readPlan(text, 'x');
    expect(problems).to.deep.equal([]);
    expect(plan?.organisation).to.equal(hostile);
    expect(plan?.people[0]).to.include({ name: hostile });
    expect(plan?.areas[0]).to.deep.include({ name: hostile, namespaces: [hostile], selector: hostile });
    expect(plan?.areas[0]?.primary).to.equal(`team/${plan?.teams[1]?.id ?? ''}`);
  });
});

describe('idOf', () => {
  it('makes ids of names', () => {
    expect(['Core Network', 'Ünï', '--', 'a'.repeat(80), 'The shop, and its API'].map(idOf)).to.deep.equal([
      'core-network',
      'n',
      'unnamed',
      'a'.repeat(50),
      'the-shop-and-its-api',
    ]);
  });
});
