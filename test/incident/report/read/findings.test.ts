import { expect } from 'chai';
import { findingsPart, noFindings } from '../../../../src/incident/report/read/findings.ts';
import type { FindingFacts } from '../../../../src/incident/report/facts/findings.ts';
import { sampleReport } from '../report-lab.ts';

describe('findingsPart', () => {
  it('counts all, and has the first three hundred', () => {
    const [first] = sampleReport().findings.found.items as [FindingFacts];
    const low = { ...first, rule: 'other', severity: 'low' as const, attack: ['T1611'] };
    const findings = [...Array.from({ length: 400 }, () => first), low];
    const part = findingsPart({ findings, notJudged: [], incomplete: [], judged: 46, malformed: 2 }, 'ir-1');
    expect([part.found.items.length, part.found.total]).to.deep.equal([300, 401]);
    expect(part.counts).to.deep.equal({ critical: 400, high: 0, medium: 0, low: 1, info: 0 });
    expect(part.rules.map(({ rule, count }) => [rule, count])).to.deep.equal([
      ['reverse-shell', 400],
      ['other', 1],
    ]);
    expect(part.techniques).to.deep.equal([
      { id: 'T1059.004', severity: 'critical', count: 400 },
      { id: 'T1611', severity: 'critical', count: 401 },
    ]);
  });

  it('has what a report says and no other member', () => {
    const [first] = sampleReport().findings.found.items as [FindingFacts];
    const more = { more: 1 };
    const lack = { rule: 'r', node: 'n', reason: 'why', next: 'do', ...more };
    const told = {
      findings: [{ ...first, ...more }],
      notJudged: [lack],
      incomplete: [{ ...lack, items: 2 }],
    };
    const part = findingsPart({ ...told, judged: 1, malformed: 0 }, 'ir-1');
    expect(part.found.items).to.deep.equal([first]);
    expect(part.notJudged.items).to.deep.equal([{ rule: 'r', node: 'n', reason: 'why', next: 'do' }]);
    expect(part.incomplete.items).to.deep.equal([{ rule: 'r', node: 'n', reason: 'why' }]);
  });

  it('says why there are none', () => {
    expect(noFindings('damaged', 'ir-1')).to.include({ failed: 'damaged', judged: 0 });
  });
});
