import { expect } from 'chai';
import { isolationSection } from '../../../../src/incident/report/sections/isolation.ts';
import type { CheckFacts, IsolationFacts } from '../../../../src/incident/report/facts/isolation.ts';
import { saidBy, sampleReport } from '../report-lab.ts';

describe('isolationSection', () => {
  const sample = sampleReport();
  const [isolation] = sample.isolations as [IsolationFacts];
  const withChecks = (...items: CheckFacts[]): string =>
    saidBy(
      isolationSection({
        ...sample,
        isolations: [{ ...isolation, checks: { items, total: items.length, command: '' } }],
      }),
    );

  it('has each flow before and after, and what was judged of it', () => {
    const check = { flow: 'f', before: 'works', after: 'fails', judged: true };
    const text = withChecks(
      check,
      { ...check, after: 'works', bytes: 12 },
      { ...check, judged: false, after: 'silent' },
      { ...check, judged: false, before: 'fails' },
      { ...check, after: 'works', probe: true, direction: 'in' },
    );
    expect(text).to.contain('| `f` | - | works | fails | **BLOCKED** |');
    expect(text).to.contain('| `f` | - | works | works, 12 bytes | **LEAKS** |');
    expect(text).to.contain('| `f` | - | works | silent | no: not tried again |');
    expect(text).to.contain('| `f` | - | fails | fails | no: it did not work before |');
    expect(text).to.contain('| `f` | inward | works | works | kept open for the kubelet |');
  });

  it('tells what leaks, why it is not more, what was not tried, and that it was lifted', () => {
    const text = saidBy(isolationSection(sample));
    expect(text).to.contain(
      '**RELEASED** `prod/web` on node-a: 0 of 1 flow that worked before and was tried again are blocked',
    );
    for (const part of [
      'What still got through',
      '- a reason',
      '- a try',
      'Lifted: 2026-11-22 05:00:00 UTC, done',
      'The first 1 of 2 flows',
    ])
      expect(text).to.contain(part);
  });

  it('claims nothing without an isolation', () => {
    expect(saidBy(isolationSection({ ...sample, isolations: [] }))).to.contain(
      'Without one nothing is said of what still gets out',
    );
  });
});
