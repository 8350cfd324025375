import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { type BoltBucket, boltMeta, openBolt, uvarint } from '../../src/artifacts/bolt.ts';
import { OperationError } from '../../src/output/errors.ts';

/** Written by bbolt itself: test/fixtures/bolt/main.go. */
const sample = readFileSync(join(import.meta.dirname, '../fixtures/bolt/sample.db'));

/** Every entry of a bucket and of those below it; a damaged file may hold a bucket in itself. */
function countAll(bucket: BoltBucket, depth = 0): number {
  let count = 0;
  if (depth > 4) return count;
  for (const { key, bucket: below } of bucket.entries()) {
    count += 1;
    const inner = below ? bucket.bucket(key.toString('utf8')) : undefined;
    if (inner !== undefined) count += countAll(inner, depth + 1);
  }
  return count;
}

describe('bolt reader', () => {
  it('reads keys, inline buckets, branch pages and values of several pages', () => {
    const root = openBolt(sample).bucket('v1');
    expect([...(root?.names() ?? [])]).to.deep.equal(['inline', 'many']);
    expect(root?.bucket('inline')?.get('key')?.toString()).to.equal('value');
    expect(root?.get('large')).to.deep.equal(Buffer.alloc(10_000));
    const many = [...(root?.bucket('many')?.entries() ?? [])];
    expect(many.map(({ key }) => key.toString())).to.deep.equal(
      Array.from({ length: 200 }, (_, i) => `key-${String(i).padStart(4, '0')}`),
    );
    expect(many[123]?.value.toString()).to.equal('value 123 of the sample');
  });

  it('tells a key, a bucket and nothing apart', () => {
    const root = openBolt(sample).bucket('v1');
    expect(root?.get('many')).to.equal(undefined);
    expect(root?.bucket('large')).to.equal(undefined);
    expect(root?.bucket('none', 'below')).to.equal(undefined);
    expect(root?.bucket()).to.equal(root);
  });

  it('takes the newer of two meta pages, and the other one when it is torn', () => {
    const { transaction } = boltMeta(sample);
    const [first, second] = [boltMeta(torn(4096)), boltMeta(torn(0))];
    expect([first.transaction, second.transaction].sort()).to.deep.equal([transaction - 1n, transaction]);
  });

  function torn(offset: number): Buffer {
    const copy = Buffer.from(sample);
    copy.writeUInt8(copy.readUInt8(offset + 16 + 20) ^ 1, offset + 16 + 20);
    return copy;
  }

  it('refuses what is no database', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(8192), sample.subarray(0, 40)])
      expect(() => openBolt(bytes)).to.throw(OperationError, 'no valid meta page');
  });

  it('ends on pages that lead in a circle', () => {
    const copy = Buffer.from(sample);
    const branches = pages(copy).filter((at) => copy.readUInt16LE(at + 8) === 1);
    for (const at of branches)
      for (let i = 0; i < copy.readUInt16LE(at + 10); i += 1)
        copy.writeBigUInt64LE(copy.readBigUInt64LE(at), at + 16 + i * 16 + 8);
    expect(branches).not.to.deep.equal([]);
    expect(() => countAll(openBolt(copy))).to.throw(OperationError, 'lead in a circle');
  });

  function pages(bytes: Buffer): number[] {
    return Array.from({ length: bytes.length / 4096 }, (_, i) => i * 4096);
  }

  it('gives sound entries or an OperationError, whatever bytes are changed or cut', function () {
    this.timeout(20_000);
    const change = fc.record({ at: fc.nat(sample.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.nat(sample.length),
        (changes, length) => {
          const copy = Buffer.from(sample.subarray(0, Math.max(length, sample.length - 5000)));
          for (const { at, to } of changes) if (at < copy.length) copy[at] = to;
          try {
            countAll(openBolt(copy));
          } catch (error) {
            if (!(error instanceof OperationError)) throw error;
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('uvarint', () => {
  it('reads what encoding/binary writes, and nothing cut or too large', () => {
    expect(uvarint(Buffer.from([0x05]))).to.equal(5);
    expect(uvarint(Buffer.from([0xac, 0x02]))).to.equal(300);
    expect(uvarint(Buffer.from([0xac]))).to.equal(undefined);
    expect(uvarint(Buffer.alloc(0))).to.equal(undefined);
    expect(uvarint(Buffer.alloc(10, 0xff))).to.equal(undefined);
  });
});
