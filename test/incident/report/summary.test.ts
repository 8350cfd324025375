import { expect } from 'chai';
import type { IsolationFacts } from '../../../src/incident/report/facts/isolation.ts';
import { containedOf, summaryOf, verdictOf } from '../../../src/incident/report/summary.ts';
import { sampleReport } from './report-lab.ts';

const [isolation] = sampleReport().isolations as [IsolationFacts];
const standing: IsolationFacts = { ...isolation };
Reflect.deleteProperty(standing, 'released');
const holds = { ...standing, verdict: 'HOLDS', judged: 3, blocked: 3 } as const;

describe('summary', () => {
  it('says contained only when every pod of the case is proven to be', () => {
    expect(containedOf([])).to.equal('NOT ISOLATED');
    expect(containedOf([holds])).to.equal('HOLDS');
    expect(containedOf([holds, { ...holds, verdict: 'UNVERIFIED' }])).to.equal('UNVERIFIED');
    expect(containedOf([standing, holds])).to.equal('LEAKS');
    expect(verdictOf({ ...holds, released: { time: '', result: 'done' } })).to.equal('RELEASED');
  });

  it('tells what happened in plain words', () => {
    const { contained, happened, since } = summaryOf({ ...sampleReport(), isolations: [holds], gapCount: 0 });
    expect(contained).to.equal(
      'Contained. Network isolation of 1 pod was proven at 2026-11-22 05:00:00 UTC, 3 s after the command: of 3 flows that worked before and were tried again none gets through.',
    );
    expect(happened).to.deep.equal([
      'Reported: odd',
      'Affected: prod/web.',
      '2 critical findings and 0 of high weight: a shell (2 times).',
      '2 files differ from the image that the workload was started from.',
      'There are signs that somebody got from a container to node-a: treat all that runs there as affected.',
    ]);
    expect(since).to.equal('It is thought to have begun at 2026-11-22 04:15:00 UTC.');
  });

  it('takes no finding for no proof', () => {
    const sample = sampleReport();
    const findings = {
      ...sample.findings,
      rules: [],
      counts: { critical: 0, high: 0, medium: 1, low: 2, info: 0 },
    };
    const { happened } = summaryOf({ ...sample, findings, gapCount: 0 });
    expect(happened.join(' ')).to.contain(
      'No rule found anything grave (1 finding of medium weight, 2 of less); that is no proof',
    );
  });

  it('says of one rule that evidence is lacking for it', () => {
    const sample = sampleReport();
    const findings = { ...sample.findings, notJudged: { ...sample.findings.notJudged, total: 1 } };
    expect(summaryOf({ ...sample, findings, gapCount: 0 }).unknown).to.include(
      '1 rule was not judged, as the case lacks evidence for it.',
    );
  });

  it('says what is not known', () => {
    const sample = sampleReport();
    const findings = { ...sample.findings, failed: 'no evidence' };
    const isolations = [{ ...standing, verdict: 'UNVERIFIED' as const }];
    const { unknown } = summaryOf({ ...sample, findings, isolations, identities: [], gapCount: 3 });
    expect(unknown).to.deep.equal([
      'The record of who did what is broken: line 3 does not follow.',
      'No rule was held against the evidence: no evidence.',
      '2 rules were not judged, as the case lacks evidence for them.',
      'Isolation not proven: a reason.',
      'Evidence of node-a is as told by the node: who owns a node decides what it says.',
      '3 things were not collected, or not whole.',
      'What the account of the workload could reach was not collected into this case.',
      'Whether data was taken is not measured.',
    ]);
  });

  it('dates it by the first change when nobody said when it began, and never after the case was opened', () => {
    const sample = sampleReport();
    const course = { ...sample.course, facts: {} };
    const opened = (created: string): string =>
      summaryOf({ ...sample, course, case: { ...sample.case, created }, gapCount: 0 }).since;
    expect(opened('2026-11-23T00:00:00Z')).to.contain(
      'first change to a workload against its image is of 2026-11-22 04:15:00 UTC',
    );
    expect(opened('2026-11-21T00:00:00Z')).to.equal(
      'When it began is not known; the case was opened at 2026-11-21 00:00:00 UTC.',
    );
  });
});
