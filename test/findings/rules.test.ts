import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { severities } from '../../src/findings/finding.ts';
import { findRule, rules } from '../../src/findings/rules.ts';
import { matchesOf } from './traces-lab.ts';

describe('the rules', () => {
  it('are those of the directory, in order', () => {
    const files = readdirSync(new URL('../../src/findings/rules', import.meta.url)).sort();
    expect(rules.map(({ id }) => `${id}.ts`)).to.deep.equal(files);
    expect(findRule('reverse-shell')?.title).to.contain('connection');
    expect(findRule('x')).to.equal(undefined);
  });
  it('have all that a reader needs', () => {
    for (const rule of rules) {
      expect(severities, rule.id).to.include(rule.severity);
      for (const technique of rule.attack) expect(technique, rule.id).to.match(/^T\d{4}(?:\.\d{3})?$/);
      for (const technique of rule.threatMatrix) expect(technique, rule.id).to.match(/^MS-TA\d{4}$/);
      expect(rule.attack.length, rule.id).to.be.greaterThan(0);
      for (const text of [rule.explanation, rule.refutedBy, rule.lessWhen])
        expect(text, rule.id).to.match(/^[A-Z/].*\.$/s);
      for (const next of rule.next)
        expect(next, rule.id).to.match(/^kubectl (?:ir |get |auth can-i |delete .* --dry-run=server$)/);
      expect(rule.next.length, rule.id).to.be.greaterThan(0);
      expect(rule.references.length, rule.id).to.be.greaterThan(0);
      expect(rule.needs.length, rule.id).to.be.greaterThan(0);
    }
  });
  it('are all silent about a clean node', () => {
    for (const rule of rules) expect(matchesOf(rule), rule.id).to.deep.equal([]);
  });
});
