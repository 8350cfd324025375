import { expect } from 'chai';
import { rules } from '../../../src/findings/rules.ts';
import { tactics, techniques } from '../../../src/incident/report/attack.ts';

describe('techniques', () => {
  it('are those of the rules, each with a tactic', () => {
    const named = new Set(rules.flatMap(({ attack }) => attack));
    expect(Object.keys(techniques).sort()).to.deep.equal([...named].sort());
    for (const { name, tactics: own } of Object.values(techniques)) {
      expect(own, name).not.to.have.length(0);
      for (const one of own) expect(tactics).to.include(one);
    }
  });
});
