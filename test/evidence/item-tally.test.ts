import { expect } from 'chai';
import type { ItemRecord } from '../../src/evidence/item-record.ts';
import { ItemTally } from '../../src/evidence/item-tally.ts';

const record: ItemRecord = {
  item: 1,
  artifact: 'process',
  source: '/x',
  name: 'x',
  type: 'file',
  outcome: 'vanished',
  size: 2,
  collected: '2026-11-22T04:15:00.000Z',
};

describe('item tally', () => {
  it('counts outcomes and bytes, and lists a bounded number of gaps', () => {
    const tally = new ItemTally();
    for (let item = 0; item < 1500; item += 1) tally.add(record);
    tally.add({ ...record, outcome: 'ok', sensitive: true });
    const { items, gaps, gapCount } = tally.summary('digest');
    expect(items).to.deep.equal({
      count: 1501,
      bytes: 3002,
      sensitive: 1,
      sha256: 'digest',
      outcomes: { vanished: 1500, ok: 1 },
    });
    expect([gaps.length, gapCount]).to.deep.equal([1000, 1500]);
  });
});
