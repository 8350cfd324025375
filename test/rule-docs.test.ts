import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { renderRules, ruleDocFindings } from '../scripts/rules/rule-docs.ts';
import { rules } from '../src/findings/rules.ts';

describe('docs/findings.md', () => {
  const text = renderRules();
  it('is as the rules are', () => {
    const found = readFileSync(new URL('../docs/findings.md', import.meta.url), 'utf8');
    expect(ruleDocFindings(found, text)).to.deep.equal([]);
    expect(ruleDocFindings(found.replace('# Findings', '# Other'), text)).to.have.nested.property(
      '[0].line',
      3,
    );
  });
  it('has a part for each rule, and every technique in its table', () => {
    const coverage = text.slice(text.indexOf('## Coverage'));
    for (const { id, attack, threatMatrix } of rules) {
      expect(text).to.contain(`\n### ${id}\n`);
      for (const technique of [...attack, ...threatMatrix])
        expect(coverage, id).to.match(new RegExp(`^\\| ${technique} \\| .*\\b${id}\\b`, 'm'));
    }
  });
});
