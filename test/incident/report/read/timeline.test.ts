import { expect } from 'chai';
import type { TimelineEvent } from '../../../../src/incident/event.ts';
import { placeKey } from '../../../../src/incident/report/read/changes.ts';
import { TimelineReading } from '../../../../src/incident/report/read/timeline.ts';
import type { TimelinePart } from '../../../../src/incident/report/facts/timeline.ts';

const interest = {
  pods: new Set(['prod/web']),
  paths: new Set(['/etc/cron.d/x']),
  runtime: new Set([placeKey('prod/web', 'main', '/etc/hosts')]),
};
const start = Date.UTC(2026, 10, 22, 4, 15);

function read(...events: Partial<TimelineEvent & { at: number }>[]): TimelinePart {
  const reading = new TimelineReading(interest);
  for (const { at = 0, ...more } of events)
    reading.add({
      event: {
        time: new Date(start + at * 1000).toISOString(),
        source: 'process',
        what: 'Start Time',
        dataType: 'x',
        message: 'm',
        ...more,
      },
      evidence: [],
      seen: 1,
      count: 1,
    });
  return reading.part([], 'show');
}

describe('TimelineReading', () => {
  it('keeps what is about the pods and about what findings name', () => {
    const { moments } = read(
      { pod: 'prod/web', container: 'main', message: 'a' },
      { pod: 'prod/other', message: 'b' },
      {
        source: 'file',
        path: '/etc/cron.d/x',
        node: 'node-a',
        what: 'Metadata Modification Time',
        message: 'c',
      },
      { source: 'file', pod: 'prod/web', path: '/x', message: 'd' },
      { source: 'container', pod: 'prod/web', what: 'Content Modification Time', message: 'e' },
      { source: 'container', pod: 'prod/web', container: 'main', path: '/etc/hosts', message: 'f' },
      { source: 'custody', pod: 'prod/web', message: 'g' },
    );
    expect(moments.items.map(({ where, message }) => [where, message])).to.deep.equal([
      ['prod/web main', 'a'],
      ['node-a', 'c'],
    ]);
  });

  it('keeps thirty of each source, so that none drowns the others, and counts all', () => {
    const flood = Array.from({ length: 100 }, () => ({ source: 'podlog' as const, pod: 'prod/web' }));
    const { moments } = read(...flood, { pod: 'prod/web', message: 'x'.repeat(300) });
    expect([moments.items.length, moments.total]).to.deep.equal([31, 101]);
    expect(moments.items.at(-1)?.message).to.equal(`${'x'.repeat(240)}...`);
  });

  it('counts events from the first of interest on, in columns that grow with the time', () => {
    const few = read({ at: -5 }, { at: 0, pod: 'prod/web' }, { at: 2, source: 'journal' });
    expect([few.from, few.seconds, few.columns]).to.deep.equal(['2026-11-22T04:15:00.000Z', 1, 3]);
    expect(few.counts).to.deep.equal([
      { source: 'journal', counts: [0, 0, 1] },
      { source: 'process', counts: [1, 0, 0] },
    ]);
    const long = read({ pod: 'prod/web' }, { at: 86_400 }, { at: 86_400 * 30, source: 'journal' });
    expect(long.columns).to.be.at.most(240);
    expect(long.counts.flatMap(({ counts }) => counts).reduce((sum, one) => sum + one)).to.equal(3);
  });

  it('is empty when nothing is of interest', () => {
    expect(read({}, { time: 'never' }))
      .to.deep.include({ columns: 0, counts: [] })
      .and.not.property('from');
  });
});
