import { expect } from 'chai';
import { lanesOf, timesSection } from '../../../../src/incident/report/sections/times.ts';
import { saidBy, sampleReport } from '../report-lab.ts';

describe('timesSection', () => {
  const sample = sampleReport();

  it('has each time with what shows it, and says what is not on record', () => {
    const text = saidBy(timesSection(sample));
    expect(text).to.contain(
      '| Contained | 2026-11-22 05:00:00 UTC | the first isolation that was proven to hold (line 7) | 45 min after it was detected |',
    );
    expect(text).to.contain('| contain | 2026-11-22 05:00:00 UTC | jane@laptop | Ann | spread |');
    const course = { ...sample.course, moments: {}, times: {}, moves: { ...sample.course.moves, items: [] } };
    const bare = saidBy(timesSection({ ...sample, course }));
    expect(bare)
      .to.contain('| Began | not on record | - | - |')
      .and.contain('No phase of the incident but its opening');
  });

  it('has lanes of phases, each until the next, and of what was done', () => {
    const { lanes } = lanesOf(sample.course.moves.items, sample.spans);
    expect(
      lanes.map(({ name, spans }) => [name, spans[0]?.from.slice(11, 16), spans[0]?.to.slice(11, 16)]),
    ).to.deep.equal([
      ['open', '04:15', '05:00'],
      ['contain', '05:00', '05:00'],
      ['collect', '04:15', '05:00'],
    ]);
    expect(lanesOf(sample.course.moves.items.slice(0, 1), []).lanes).to.deep.equal([]);
  });
});
