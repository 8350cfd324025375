import { expect } from 'chai';
import { clockSentence, nodeClocks, withYear } from '../../src/incident/clock.ts';

describe('nodeClocks', () => {
  const reading = (acquisition: string, skewMs: number, roundTripMs: number, node = 'a') => ({
    acquisition,
    node,
    skewMs,
    roundTripMs,
  });

  it('takes what was measured first, of each node', () => {
    const clocks = nodeClocks([
      { acquisition: '0', node: 'a' },
      reading('1', 3_600_012, 16),
      reading('2', 3_600_010, 20),
      reading('3', -5, 8, 'b'),
    ]);
    expect(clocks.get('a')).to.deep.equal({
      node: 'a',
      correctedMs: 3_600_012,
      skewMs: 3_600_012,
      exactToMs: 8,
      acquisition: '1',
    });
    expect(clocks.get('b')?.correctedMs).to.equal(-5);
    expect([...clocks.values()].map(clockSentence)).to.deep.equal([
      '3600012 ms ahead (to 8 ms); corrected',
      '5 ms behind (to 4 ms); corrected',
    ]);
  });

  it('corrects nothing by less than it is exact to, nor what was not measured', () => {
    const clocks = nodeClocks([reading('1', 7, 20), { acquisition: '1', node: 'b' }]);
    expect([...clocks.values()].map(clockSentence)).to.deep.equal([
      "agrees with the responder's to 10 ms; times are as written",
      'not measured; times are as written',
    ]);
    expect([...clocks.values()].map(({ correctedMs }) => correctedMs)).to.deep.equal([0, 0]);
  });

  it('says when a clock was set meanwhile', () => {
    const [clock] = nodeClocks([reading('1', 5000, 10), reading('2', 0, 10)]).values();
    expect(clock && clockSentence(clock)).to.equal(
      '5000 ms ahead (to 5 ms); corrected; it was set or drifted meanwhile, by 5000 ms',
    );
  });

  it('takes no number that is none', () => {
    expect(nodeClocks([reading('1', Number.NaN, 1)]).get('a')).to.deep.equal({ node: 'a', correctedMs: 0 });
  });
});

describe('withYear', () => {
  const collected = '2026-01-02T00:00:00Z';

  it('takes the last year before the collection', () => {
    expect(withYear('Jan  2 00:00:00', collected)).to.equal('2026-01-02T00:00:00Z');
    expect(withYear('Dec 31 23:59:59', collected)).to.equal('2025-12-31T23:59:59Z');
    expect(withYear('Jan  3 00:00:01', collected)).to.equal('2025-01-03T00:00:01Z');
    expect(withYear('Feb 29 01:02:03', collected)).to.equal('2024-02-29T01:02:03Z');
  });

  it('takes no day that there is not', () => {
    for (const text of ['Feb 30 01:02:03', 'Foo 12 01:02:03', 'Jan  2 25:00:00', '', 'Jan 99 00:00:00'])
      expect(withYear(text, collected)).to.equal(undefined);
    expect(withYear('Jan  2 00:00:00', 'never')).to.equal(undefined);
  });
});
