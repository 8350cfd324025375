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
    tally.add({ ...record, outcome: 'skipped', detail: 'secret, hmac-sha256 00' });
    const { items, gaps, gapCount } = tally.summary('digest');
    expect(items).to.deep.equal({
      count: 1502,
      bytes: 3004,
      sensitive: 1,
      secrets: 1,
      sha256: 'digest',
      outcomes: { vanished: 1500, ok: 1, skipped: 1 },
    });
    expect([gaps.length, gapCount]).to.deep.equal([1000, 1501]);
  });
});
