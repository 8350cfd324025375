import { expect } from 'chai';
import fc from 'fast-check';
import {
  describeItem,
  encodeItemRecord,
  itemName,
  parseItemRecord,
  tarEntry,
} from '../../src/evidence/item-record.ts';
import { fileHeader } from './sandbox.ts';

const facts = { item: 1, source: '/x', collected: '2026-11-22T04:15:00.500Z', sensitive: false };

describe('item record', () => {
  it('keeps any name and target byte for byte, in one line of plain text', () =>
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.uint8Array(), (first, second) => {
        const name = Buffer.from(first);
        const target = Buffer.from(second);
        const part = describeItem(fileHeader(name, { type: 'symlink', target }), { ...facts, name });
        const text = encodeItemRecord({ ...part, outcome: 'ok', size: 0 });
        const record = parseItemRecord(text);
        if (record === undefined) throw new Error('it was not read');
        expect(itemName(record).equals(name)).to.equal(true);
        expect(tarEntry(record).target?.equals(target)).to.equal(true);
        expect(text).to.match(/^[^\p{Cc}]+\n$/u);
      }),
    ));

  it('keeps the name that was sent when it could not be used', () => {
    const { name, claimedName } = describeItem(fileHeader('../x'), { ...facts, name: Buffer.from('x') });
    expect([name, claimedName]).to.deep.equal(['x', Buffer.from('../x').toString('base64')]);
  });

  it('gives times before the epoch to the tar in whole seconds, rounded down', () => {
    const part = describeItem(fileHeader('x'), { ...facts, name: Buffer.from('x') });
    expect(tarEntry({ ...part, size: 0, modified: '-1' }).mtime).to.equal(-1n);
    expect(tarEntry({ ...part, size: 0 }).mtime).to.equal(1795320900n);
  });

  it('is read with the largest size and times that a file can have', () => {
    const most = 2n ** 63n - 1n;
    const nanoseconds = most * 1_000_000_000n + 999_999_999n;
    const [accessed, modified, changed] = [nanoseconds, -nanoseconds, nanoseconds];
    const stat = {
      ...{ mode: 0o100644, uid: 2 ** 32 - 1, gid: 2 ** 32 - 1, size: Number(most), links: 1 },
      ...{ inode: 2n ** 64n - 1n, device: 2n ** 64n - 1n, accessed, modified, changed },
    };
    const part = describeItem(fileHeader('x', { stat }), { ...facts, name: Buffer.from('x') });
    const record = parseItemRecord(encodeItemRecord({ ...part, outcome: 'ok', size: 0 }));
    expect(record?.statSize).to.equal(Number(most));
    expect(record?.modified).to.equal(String(-nanoseconds));
    expect(tarEntry({ ...part, size: 0 }).mtime).to.equal(-most - 1n);
  });

  for (const [what, changes] of [
    ['an unknown outcome', { outcome: 'fine' }],
    ['a size below zero', { size: -1 }],
    ['an offset that is no number', { offset: '512' }],
    ['a time that is no number', { modified: 'now' }],
    ['a digest that is none', { sha256: 'x' }],
    ['no name', { name: undefined }],
    ['no date', { collected: 'then' }],
  ] as const)
    it(`is refused with ${what}`, () => {
      const part = describeItem(fileHeader('x'), { ...facts, name: Buffer.from('x') });
      const text = JSON.stringify({ ...part, outcome: 'ok', size: 0, ...changes });
      expect(parseItemRecord(text)).to.equal(undefined);
    });
});
