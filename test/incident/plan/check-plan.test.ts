import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { brokenPlans } from './broken-plans.ts';
import { checkText, exampleText, mutated } from './plan-lab.ts';

describe('checkPlan', () => {
  it('finds nothing in the example', () => {
    expect(checkText(exampleText)).to.deep.equal([]);
  });

  for (const [name, from, to, at, expected] of brokenPlans)
    it(`tells of ${name} once, with its line`, () => {
      const text = mutated(from, to);
      const said = checkText(text).map((problem) => {
        const { line, severity, rule, message } = problem;
        return `${line}: ${severity} ${rule} ${message}`;
      });
      expect(text).to.contain(at);
      const line = text.slice(0, text.indexOf(at)).split('\n').length;
      const message = expected.replace(/LINE-(\d+)/, (_, before) => String(line - Number(before)));
      expect(said).to.deep.equal([`${line}: ${message}`]);
    });

  it('has every kind of fault in docs/plan.md', () => {
    const doc = readFileSync(new URL('../../../docs/plan.md', import.meta.url), 'utf8');
    for (const [, , , , expected] of brokenPlans) {
      const [severity = '', rule = ''] = expected.split(' ');
      expect(doc).to.match(new RegExp(`^\\| [^|]*\`${rule}\`[^|]*\\| ${severity} \\|`, 'm'));
    }
  });

  it('tells of several faults in the order of their lines', () => {
    const text = mutated('last: 2026-11-02', 'last: 2026-06-02').replace(
      'likelihood: low',
      'likelihood: rare',
    );
    expect(checkText(text).map(({ rule }) => rule)).to.deep.equal(['review-overdue', 'value']);
  });
});
