import { expect } from 'chai';
import { reviewSection } from '../../../../src/incident/report/sections/review.ts';
import { saidBy, sampleReport } from '../report-lab.ts';

describe('reviewSection', () => {
  const sample = sampleReport();

  it('has what is known filled in and the rest marked', () => {
    const text = saidBy(reviewSection(sample));
    for (const part of [
      '| How it was noticed | odd |',
      '| Time to contain | 45 min |',
      '| Root cause | **TO BE FILLED IN** |',
      '| What let it happen | Settings that were weak: privileged. Whether they were used is for people to say. |',
      '| 1 | patch | Bob | 2026-11-22 05:00:00 UTC | open |',
      '| 2 | tell | **TO BE FILLED IN** | **TO BE FILLED IN** | done |',
    ])
      expect(text).to.contain(part);
  });

  it('asks for actions when there are none', () => {
    const course = { ...sample.course, facts: {}, times: {}, tasks: { items: [], total: 0, command: '' } };
    const text = saidBy(reviewSection({ ...sample, course, nodes: [] }));
    expect(text)
      .to.contain('None yet: **TO BE FILLED IN**')
      .and.contain('| What let it happen | **TO BE FILLED IN** |');
  });
});
