import { expect } from 'chai';
import { stripsOf, timelineSection } from '../../../../src/incident/report/sections/timeline.ts';
import { saidBy, sampleReport } from '../report-lab.ts';

describe('timelineSection', () => {
  const sample = sampleReport();

  it('has moments in order and says what is left out', () => {
    const text = saidBy(timelineSection(sample));
    expect(text).to.contain('| 2026-11-22 04:15:00 UTC | process | prod/web | started sh |');
    expect(text).to.contain('The first 1 of 2 events, of each source; all of them: kubectl ir timeline ir-1');
  });

  it('marks when it was detected, contained and recovered', () => {
    expect(stripsOf(sample)?.marks.map(({ text }) => text)).to.deep.equal([
      'detected',
      'web: LEAKS',
      'recovered',
    ]);
    expect(stripsOf(sample)?.description).to.contain('4 events from 2026-11-22 04:15:00 UTC on, in process.');
  });

  it('says so when there is nothing to tell', () => {
    const timeline = {
      moments: { items: [], total: 0, command: '' },
      seconds: 1,
      columns: 0,
      counts: [],
      clocks: [],
      failed: 'why',
    };
    expect(stripsOf({ ...sample, timeline })).to.equal(undefined);
    const text = saidBy(timelineSection({ ...sample, timeline }));
    expect(text)
      .to.contain('could not be read: why')
      .and.contain('Nothing in the case that has a time is about one of its workloads');
  });
});
