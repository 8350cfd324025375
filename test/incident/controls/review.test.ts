import { expect } from 'chai';
import { rules } from '../../../src/findings/rules.ts';
import { controls, reviewControls } from '../../../src/incident/controls/review.ts';
import { shopFacts } from './facts-lab.ts';

describe('reviewControls', () => {
  it('tells every control once, what the incident used first, then what is missing and what was not looked at', () => {
    const facts = shopFacts({ securityContext: { privileged: true } });
    const told = reviewControls(
      'prod/deployment/shop',
      facts,
      new Set(['privileged-container', 'reverse-shell']),
    );
    expect(told.map(({ control }) => control).sort()).to.deep.equal(controls.map(({ id }) => id).sort());
    expect(told[0]).to.deep.include({
      control: 'privileged',
      state: 'missing',
      used: ['privileged-container'],
    });
    const states = told.map(({ state }) => state);
    expect(states.indexOf('not looked at')).to.be.greaterThan(states.lastIndexOf('missing'));
    // A reverse shell does not show a missing policy while nobody looked at policies.
    expect(told.find(({ control }) => control === 'network-policy')).to.deep.include({
      state: 'not looked at',
      used: [],
    });
  });

  it('names rules that there are', () => {
    const known = new Set(rules.map(({ id }) => id));
    expect(controls.flatMap((control) => control.rules).filter((id) => !known.has(id))).to.deep.equal([]);
  });
});
