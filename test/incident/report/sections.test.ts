import { expect } from 'chai';
import { audiences } from '../../../src/incident/report/audience.ts';
import { htmlPage } from '../../../src/incident/report/html/page.ts';
import { findingsPart } from '../../../src/incident/report/read/findings.ts';
import { TimelineReading } from '../../../src/incident/report/read/timeline.ts';
import type { FindingFacts } from '../../../src/incident/report/facts/findings.ts';
import { documentOf } from '../../../src/incident/report/sections.ts';
import { sampleReport } from './report-lab.ts';

describe('documentOf', () => {
  it('begins with the summary for every reader, and has each section once', () => {
    for (const audience of audiences) {
      const ids = documentOf(sampleReport(), audience).sections.map(({ id }) => id);
      expect(ids[0]).to.equal('summary');
      expect(new Set(ids).size).to.equal(ids.length);
    }
  });

  it('chooses for its readers', () => {
    const ids = (audience: (typeof audiences)[number]): string[] =>
      documentOf(sampleReport(), audience).sections.map(({ id }) => id);
    expect(ids('all')).to.include.members(ids('managers')).and.to.have.length(15);
    expect(ids('managers')).to.include('review').and.not.to.include('custody');
    expect(ids('engineers')).to.include('changes').and.not.to.include('review');
    expect(ids('infrastructure')).to.include('nodes');
    expect(ids('examiners')).to.include('custody');
  });

  it('says which state of which case it is of, and no time of its own', () => {
    const { title, subtitle, facts } = documentOf({ ...sampleReport(), redacted: true }, 'engineers');
    expect([title, subtitle]).to.deep.equal(['Incident report, for the engineers of the workload', 'ir-1']);
    const names = facts.map(([name]) => name);
    expect(names).to.deep.equal([
      'Case number',
      'Evidence numbers',
      'Examiner',
      'Organisation',
      'Opened',
      'State of the case',
      'sha256 of that line',
      'Written by',
      'Redacted',
    ]);
  });

  it('is written of 50,000 findings and events in five seconds and ten megabytes', () => {
    const sample = sampleReport();
    const [first] = sample.findings.found.items as [FindingFacts];
    const started = process.cpuUsage();
    const findings = Array.from({ length: 50_000 }, (_, i) => ({
      ...first,
      subject: { ...first.subject, pid: i, pod: `web-${i % 500}` },
    }));
    const part = findingsPart({ findings, notJudged: [], incomplete: [], judged: 46, malformed: 0 }, 'ir-1');
    const reading = new TimelineReading({
      pods: new Set(['prod/web']),
      paths: new Set(),
      runtime: new Set(),
    });
    for (let i = 0; i < 50_000; i += 1)
      reading.add({
        event: {
          time: new Date(Date.UTC(2026, 10, 22) + i * 1000).toISOString(),
          source: i % 2 === 0 ? 'podlog' : 'journal',
          what: 'Recorded Time',
          dataType: 'x',
          message: `line ${i} ${'x'.repeat(200)}`,
          pod: 'prod/web',
        },
        evidence: [],
        seen: 1,
        count: 1,
      });
    const report = { ...sample, findings: part, timeline: reading.part([], 'kubectl ir timeline ir-1') };
    const bytes = [...htmlPage(documentOf(report, 'all'))].reduce(
      (sum, piece) => sum + Buffer.byteLength(piece),
      0,
    );
    // Of the processor, so that a busy machine changes nothing.
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1e6).to.be.lessThan(5);
    expect(bytes).to.be.lessThan(10_000_000);
    expect(part.found.total).to.equal(50_000);
    expect(report.timeline.moments.total).to.equal(50_000);
  });
});
