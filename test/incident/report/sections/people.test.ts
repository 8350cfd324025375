import { expect } from 'chai';
import { peopleSection } from '../../../../src/incident/report/sections/people.ts';
import { saidBy, sampleReport } from '../report-lab.ts';

describe('peopleSection', () => {
  const sample = sampleReport();

  it('has words, tasks and steps of people, each with who and when', () => {
    const text = saidBy(peopleSection(sample));
    for (const part of [
      'Reported by: Jane',
      '| 2026-11-22 04:15:00 UTC | decision | jane@laptop | Ann | cut it |',
      '| 1 | patch | Bob | 2026-11-22 05:00:00 UTC | open |',
      '| 2 | tell | nobody yet | - | done 2026-11-22 05:00:00 UTC by jane@laptop |',
      '| 2026-11-22 04:15:00 UTC | `miner` | 2 | done | jane@laptop | ok |',
      'The first 2 of 3 tasks',
    ])
      expect(text).to.contain(part);
  });

  it('says what nobody said', () => {
    const none = { items: [], total: 0, command: '' };
    const course = { ...sample.course, facts: {}, entries: none, tasks: none, steps: none };
    const text = saidBy(peopleSection({ ...sample, course }));
    expect(text)
      .to.contain('Severity: not said')
      .and.contain('No decision, message, hand-over or remark is on record.');
  });
});
