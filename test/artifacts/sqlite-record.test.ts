import { expect } from 'chai';
import fc from 'fast-check';
import { parseSqliteRecord, varint } from '../../src/artifacts/sqlite-record.ts';

describe('varint', () => {
  it('reads seven bits a byte, and eight of the ninth', () => {
    expect(varint(Buffer.from('7f', 'hex'), 0)).to.deep.equal({ value: 127n, next: 1 });
    expect(varint(Buffer.from('008100', 'hex'), 1)).to.deep.equal({ value: 128n, next: 3 });
    expect(varint(Buffer.from('ffffffffffffffffff', 'hex'), 0)).to.deep.equal({
      value: 2n ** 64n - 1n,
      next: 9,
    });
    expect(varint(Buffer.from('81', 'hex'), 0)).to.equal(undefined);
  });
});

describe('parseSqliteRecord', () => {
  it('reads every serial type', () => {
    const header = [10, 0, 1, 2, 8, 9, 7, 17, 14, 6];
    const body = Buffer.alloc(1 + 2 + 8 + 2 + 1 + 8);
    body.writeInt8(-2, 0);
    body.writeInt16BE(-300, 1);
    body.writeDoubleBE(1.5, 3);
    body.write('hé', 11, 'latin1');
    body.writeUInt8(255, 13);
    body.writeBigInt64BE(-(2n ** 62n), 14);
    expect(parseSqliteRecord(Buffer.concat([Buffer.from(header), body]))).to.deep.equal([
      null,
      -2n,
      -300n,
      0n,
      1n,
      1.5,
      Buffer.from('hé', 'latin1').toString('utf8'),
      Buffer.from([255]),
      -(2n ** 62n),
    ]);
  });

  it('has no more columns than SQLite can have', () => {
    const header = Buffer.alloc(100_003);
    header.set([0x86, 0x8d, 0x23]);
    expect(parseSqliteRecord(header)).to.equal(undefined);
    const most = Buffer.alloc(32_770);
    most.set([0x82, 0x80, 0x02]);
    expect(parseSqliteRecord(most)).to.have.length(32_767);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        expect(parseSqliteRecord(Buffer.from(data))).to.satisfy(
          (one: unknown) => one === undefined || Array.isArray(one),
        );
      }),
    );
  });
});
