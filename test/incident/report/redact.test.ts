import { expect } from 'chai';
import { redactReport } from '../../../src/incident/report/redact.ts';
import { sampleReport, stringsOf } from './report-lab.ts';

describe('redactReport', () => {
  const redaction = { text: (text: string) => text.replaceAll('hunter2', '[redacted]') };

  it('names people by their roles, wherever they stand', () => {
    const sample = sampleReport();
    const course = {
      ...sample.course,
      facts: { ...sample.course.facts, seen: 'jane told Bob. Janet was not there, nor jane-2' },
    };
    const report = redactReport({ ...sample, course }, redaction);
    const strings = [...stringsOf(report).values()].join('\n');
    for (const name of ['jane@laptop', 'J. Doe', 'Bob']) expect(strings).not.to.contain(name);
    expect(report.course.facts).to.include({
      reporter: 'reporter 1',
      seen: 'responder 1 told owner 1. Janet was not there, nor jane-2',
    });
    expect(report.course.moves.items[1]).to.include({ by: 'responder 1', decidedBy: 'decider 1' });
    expect([report.case.examiner, report.custody.items[0]?.by]).to.deep.equal(['examiner 1', 'responder 1']);
    expect(report.redacted).to.equal(true);
  });

  it('replaces secrets, and leaves verdicts, times, digests and owners of workloads', () => {
    const sample = sampleReport();
    const gaps = { ...sample.gaps, items: ['password=hunter2'] };
    const report = redactReport({ ...sample, gaps }, redaction);
    expect(report.gaps.items).to.deep.equal(['password=[redacted]']);
    expect(report.workloads).to.deep.equal(sample.workloads);
    expect(report.case.head).to.deep.equal(sample.case.head);
    expect(report.isolations).to.deep.equal(sample.isolations);
  });
});
