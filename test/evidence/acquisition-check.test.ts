import { expect } from 'chai';
import fc from 'fast-check';
import { checkTar } from '../../src/evidence/acquisition-check.ts';
import { encodeItemRecord, itemHeader, type ItemRecord } from '../../src/evidence/item-record.ts';
import { tarEnd, tarPadding } from '../../src/evidence/tar-header.ts';
import { createHash } from 'node:crypto';

/** A tar and its index with one file of `content`. */
function pair(content: Buffer, changes: Partial<ItemRecord> = {}): { index: Buffer; tar: Buffer } {
  const base: ItemRecord = {
    item: 1,
    artifact: 'x',
    source: '/a',
    name: '[root]/a',
    type: 'file',
    outcome: 'ok',
    size: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    offset: 512,
    collected: '2026-11-22T04:15:00.000Z',
  };
  const tar = Buffer.concat([itemHeader(base), content, Buffer.alloc(tarPadding(content.length)), tarEnd]);
  return { index: Buffer.from(encodeItemRecord({ ...base, ...changes })), tar };
}

async function* pieces(bytes: Buffer, size = 100): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function faultOf(index: Buffer, tar: Buffer): Promise<string | undefined> {
  const { fault } = await checkTar(pieces(index), pieces(tar, 77));
  return fault === undefined ? undefined : `${fault.item} ${fault.what}`;
}

describe('checkTar', () => {
  const content = Buffer.from('some content');

  it('counts what an index and its tar hold', async () => {
    const { index, tar } = pair(content);
    expect(await checkTar(pieces(index), pieces(tar))).to.deep.equal({ items: 1, bytes: 12, size: 2048 });
  });

  for (const [what, changes, expected] of [
    ['another digest', { sha256: '0'.repeat(64) }, 'item 1 ([root]/a) has other content in the tar'],
    ['another mode', { mode: 0o100777 }, 'item 1 ([root]/a) has another header in the tar'],
    ['another place', { offset: 1024 }, 'item 1 ([root]/a) lies elsewhere in the tar'],
    ['a name that leaves', { name: '../a' }, 'item 1 (../a) has a name that is not safe'],
    ['another number', { item: 2 }, 'line 1 is no item of the index'],
  ] as const)
    it(`names ${what} in the index`, async () => {
      const { index, tar } = pair(content, changes);
      expect(await faultOf(index, tar)).to.equal(expected);
    });

  it('finds any byte of the tar that is changed, and any cut', async () => {
    const { index, tar } = pair(content);
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: tar.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, bits) => {
          const changed = Buffer.from(tar);
          changed.writeUInt8(changed.readUInt8(at) ^ bits, at);
          expect(await faultOf(index, changed)).to.be.a('string');
          expect(await faultOf(index, tar.subarray(0, at))).to.be.a('string');
        },
      ),
    );
    expect(await faultOf(index, Buffer.concat([tar, Buffer.from('x')]))).to.match(/^end /);
  });
});
